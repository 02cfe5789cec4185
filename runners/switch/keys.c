// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/keys.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg.h"
#include "runners/machine_keys.h"

#define BOOT_LIMIT_S 300

static const char *const switches[] = {"none", "boot-entry", "kexec", "restart", "command", NULL};

enum boot_kind {
	BOOT_FIRMWARE,
	BOOT_KEXEC,
	BOOT_RESTART
};

static const char *const boot_kinds[] = {"firmware", "kexec", "restart", NULL};

static const enum boot_kind usual_kind[] = {
	[SWITCH_NONE] = BOOT_FIRMWARE,	  [SWITCH_BOOT_ENTRY] = BOOT_FIRMWARE,
	[SWITCH_KEXEC] = BOOT_KEXEC,	  [SWITCH_RESTART] = BOOT_RESTART,
	[SWITCH_COMMAND] = BOOT_FIRMWARE,
};

#define IS(how) (1u << SWITCH_##how)

/* Keys that are of a meaning with some switches only. */
static const struct {
	const char *key;
	unsigned int with; /* switches, a bit each */
	const char *is_for;
} limited[] = {
	{"command", IS(RESTART) | IS(COMMAND), "switch = restart or command"},
	{"initrd", IS(RESTART) | IS(COMMAND), "switch = restart or command"},
	{"boot-kind", IS(RESTART) | IS(COMMAND), "switch = restart or command"},
	{"rescue", IS(BOOT_ENTRY) | IS(KEXEC), "switch = boot-entry or kexec"},
	{"cmdline", ~IS(NONE), "a machine with a switch"},
	{"boot-limit", ~IS(NONE), "a machine with a switch"},
	{"arch", ~IS(NONE), "a machine with a switch"},
	{"memory", ~IS(NONE), "a machine with a switch"},
	{"cpus", ~IS(NONE), "a machine with a switch"},
};

static bool check_limited(struct ini_file *ini, enum switch_how how)
{
	struct ini_setting *s;
	size_t i;

	for (i = 0; i < sizeof(limited) / sizeof(limited[0]); i++) {
		s = limited[i].with & (1u << how) ? NULL : machine_key(ini, limited[i].key);
		if (s)
			return err("%s:%zu: %s = %s: is for %s; this one %s%s", ini->path, s->line,
				   s->key, s->value, limited[i].is_for,
				   how ? "has switch = " : "is measured as it is",
				   how ? switches[how] : "");
	}
	return true;
}

static bool read_texts(struct ini_file *ini, struct switch_keys *k)
{
	k->command = machine_key_text(ini, "command", NULL);
	k->rescue = machine_key_text(ini, "rescue", NULL);
	k->initrd = machine_key_text(ini, "initrd", NULL);
	k->cmdline = machine_key_text(ini, "cmdline", NULL);
	return k->command || switch_installs(k) ||
	       err("%s: switch = %s needs a command = TEXT, which starts the kernel that "
		   "$FAULTBENCH_IMAGE names",
		   ini->path, switches[k->how]);
}

/* As faultbench-root takes it: the loader's configuration has it, too. */
static bool check_cmdline(struct ini_file *ini, const struct switch_keys *k)
{
	static const char taken[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789 _.,:=/@%+~-";

	return !switch_installs(k) || !k->cmdline ||
	       (!k->cmdline[strspn(k->cmdline, taken)] && strlen(k->cmdline) <= 1000) ||
	       machine_key_wrong(ini, machine_key(ini, "cmdline"),
				 "of letters, digits, blanks and _.,:=/@%+~-");
}

bool switch_keys_read(struct machine *m, struct ini_file *ini, struct switch_keys *k)
{
	int how, kind;

	if (!machine_key_choice(ini, "switch", switches, SWITCH_NONE, &how) ||
	    !check_limited(ini, (enum switch_how)how))
		return false;
	k->how = (enum switch_how)how;
	if (how == SWITCH_NONE)
		return true;
	m->starts_kernels = true;
	m->installs_kernels = switch_installs(k);
	m->unit = UNIT_BOOT;
	if (!read_texts(ini, k) || !check_cmdline(ini, k) ||
	    !machine_key_choice(ini, "boot-kind", boot_kinds, (int)usual_kind[how], &kind) ||
	    !machine_key_int(ini, "boot-limit", 24 * 3600, BOOT_LIMIT_S, &k->boot_limit_s))
		return false;
	k->boot_kind = boot_kinds[kind];
	return true;
}

void switch_keys_free(struct switch_keys *k)
{
	free(k->command);
	free(k->rescue);
	free(k->initrd);
	free(k->cmdline);
}
