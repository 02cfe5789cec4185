// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/keys.h"

#include <stdlib.h>

#include "common/msg.h"
#include "runners/machine_keys.h"

#define BOOT_LIMIT_S 300

enum switches {
	SWITCH_NONE,
	SWITCH_RESTART, /* a machine is started anew with a kernel, as a VM is */
	SWITCH_COMMAND, /* whatever the user has */
};

static const char *const switches[] = {"none", "restart", "command", NULL};

enum boot_kind {
	BOOT_FIRMWARE,
	BOOT_KEXEC,
	BOOT_RESTART
};

static const char *const boot_kinds[] = {"firmware", "kexec", "restart", NULL};

bool switch_keys_refuse(const struct machine *m, struct ini_file *ini, const char *const *keys)
{
	struct ini_setting *s;
	size_t i;

	for (i = 0; keys[i]; i++) {
		s = machine_key(ini, keys[i]);
		if (s)
			return err("%s:%zu: %s = %s: is for a machine with a switch; this one is "
				   "measured as it is",
				   m->path, s->line, s->key, s->value);
	}
	return true;
}

bool switch_keys_read(struct machine *m, struct ini_file *ini, struct switch_keys *k)
{
	static const char *const its[] = {SWITCH_ITS_KEYS, NULL};
	int how, kind;

	if (!machine_key_choice(ini, "switch", switches, SWITCH_NONE, &how))
		return false;
	if (how == SWITCH_NONE)
		return switch_keys_refuse(m, ini, its);
	if (m->alone && how == SWITCH_RESTART)
		return machine_key_wrong(
			ini, machine_key(ini, "switch"),
			"none or command: what starts a machine anew is not on it");
	m->starts_kernels = true;
	m->unit = UNIT_BOOT;
	k->command = machine_key_text(ini, "command", NULL);
	k->initrd = machine_key_text(ini, "initrd", NULL);
	k->cmdline = machine_key_text(ini, "cmdline", NULL);
	if (!k->command)
		return err("%s: switch = %s needs a command = TEXT, which starts the kernel that "
			   "$FAULTBENCH_IMAGE names",
			   m->path, switches[how]);
	if (!machine_key_choice(ini, "boot-kind", boot_kinds,
				how == SWITCH_RESTART ? BOOT_RESTART : BOOT_FIRMWARE, &kind) ||
	    !machine_key_int(ini, "boot-limit", 24 * 3600, BOOT_LIMIT_S, &k->boot_limit_s))
		return false;
	k->boot_kind = boot_kinds[kind];
	return true;
}

void switch_keys_free(struct switch_keys *k)
{
	free(k->command);
	free(k->initrd);
	free(k->cmdline);
}
