// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/ssh/keys.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/msg.h"
#include "runners/machine_keys.h"

#define PATIENCE_S 3600

const char *const ssh_keys_names[] = {"host",	"ssh-config", "folder", "patience", "here", "group",
				      "switch", SWITCH_KEYS,  "arch",	"memory",   "cpus", NULL};

static const char *const answers[] = {"no", "yes", NULL};

/*
 * OpenSSH puts a host's name into the commands that a configuration has (ProxyCommand, Match exec),
 * and a shell reads those.
 */
static bool is_host(const char *text)
{
	const char *p;

	for (p = text; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._-:@%[]/", *p) && !(*p & 0x80))
			return false;
	return *text && *text != '-' && !strstr(text, "@-") && !strstr(text, "/-");
}

static bool read_host(struct machine *m, struct ini_file *ini, struct ssh_keys *k)
{
	struct ini_setting *s = machine_key(ini, "host");

	if (!s)
		return err("%s: kind = ssh needs a host = NAME, which is one that `ssh NAME` "
			   "takes",
			   m->path);
	k->host = strdup(s->value);
	m->host = strdup(s->value);
	return is_host(k->host) ||
	       machine_key_wrong(ini, s,
				 "a name that ssh takes, of letters, digits and ._-:@%[]/, and "
				 "without a - in front; others can have one in ssh_config");
}

/* Beside the machine's file, as it belongs to that. */
static void read_config(struct machine *m, struct ini_file *ini, struct ssh_keys *k)
{
	char *name = machine_key_text(ini, "ssh-config", NULL), *slash = strrchr(m->path, '/');

	if (name && *name != '/' && slash) {
		k->config = files_text("%.*s/%s", (int)(slash - m->path), m->path, name);
		free(name);
	} else {
		k->config = name;
	}
}

/*
 * Whether the host is this machine, or a VM of it, so that nothing else may run here meanwhile.
 * What a command of the user's starts anew may well be.
 */
static bool read_here(struct machine *m, struct ini_file *ini, bool restarted)
{
	int here;

	if (!machine_key_choice(ini, "here", answers, restarted, &here))
		return false;
	m->here = here;
	return true;
}

/* Of hosts that share boots, which only those do that are started for each. */
static bool read_group(struct machine *m, struct ini_file *ini)
{
	struct ini_setting *s = machine_key(ini, "group");

	m->group = machine_key_text(ini, "group", NULL);
	return !s || m->starts_kernels ||
	       err("%s:%zu: group = %s: is for a machine with a switch; the boots of this one are "
		   "its user's",
		   m->path, s->line, s->value);
}

static bool read_switch(struct machine *m, struct ini_file *ini, struct ssh_keys *k)
{
	if (!switch_keys_read(m, ini, &k->switching))
		return false;
	if (!read_here(m, ini, k->switching.how == SWITCH_RESTART))
		return false;
	return !m->starts_kernels || (machine_key_arch(ini, "arch", NULL, &m->arch) &&
				      machine_key_memory(ini, "memory", 128 << 20, 0, &m->memory) &&
				      machine_key_int(ini, "cpus", 4096, 0, &m->cpus));
}

bool ssh_keys_read(struct machine *m, struct ini_file *ini)
{
	struct ssh_keys *k = m->own = calloc(1, sizeof(*k));
	struct ini_setting *folder = machine_key(ini, "folder");

	if (!k)
		return err("out of memory");
	m->unit = UNIT_RUN;
	read_config(m, ini, k);
	k->folder = machine_key_text(ini, "folder", "");
	if (folder && *k->folder != '/')
		return machine_key_wrong(ini, folder, "a path on the host that begins with /");
	return read_host(m, ini, k) && read_switch(m, ini, k) && read_group(m, ini) &&
	       machine_key_int(ini, "patience", 30 * 24 * 3600, PATIENCE_S, &k->patience_s);
}

void ssh_keys_forget(struct machine *m)
{
	struct ssh_keys *k = m->own;

	if (!k)
		return;
	free(k->host);
	free(k->config);
	free(k->folder);
	free(k->boot_id);
	switch_keys_free(&k->switching);
	free(k);
	m->own = NULL;
}
