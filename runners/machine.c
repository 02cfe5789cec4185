// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/ini_file.h"
#include "common/msg.h"
#include "common/units.h"

static const char *const kinds[] = {"local", "qemu", NULL};
static const char *const accels[] = {"auto", "kvm", "tcg", "exact", NULL};
static const char *const known[] = {"kind",    "arch",	"cpu",	     "memory",	"vcpus",
				    "nodes",   "accel", "options",   "cmdline", "time-limit",
				    "perturb", "runs",	"iterations"};

/* Says what is wrong with a setting. */
static bool wrong(const struct ini_file *ini, const struct ini_setting *s, const char *wanted)
{
	return err("%s:%zu: %s = %s: must be %s", ini->path, s->line, s->key, s->value, wanted);
}

static bool read_choice(struct ini_file *ini, const char *key, const char *const *names,
			const char *wanted, int dflt, int *ret)
{
	struct ini_setting *s = ini_file_find(ini, "machine", key);
	int i;

	*ret = dflt;
	for (i = 0; s && names[i]; i++) {
		if (!strcmp(s->value, names[i])) {
			*ret = i;
			return true;
		}
	}
	return !s || wrong(ini, s, wanted);
}

static bool read_int(struct ini_file *ini, const char *key, int max, int dflt, int *ret)
{
	struct ini_setting *s = ini_file_find(ini, "machine", key);
	char wanted[64];
	int64_t value;

	*ret = dflt;
	if (!s)
		return true;
	snprintf(wanted, sizeof(wanted), "a whole number from 1 to %d", max);
	if (!units_parse_int(s->value, 1, max, &value))
		return wrong(ini, s, wanted);
	*ret = (int)value;
	return true;
}

static bool read_memory(struct ini_file *ini, int64_t *ret)
{
	struct ini_setting *s = ini_file_find(ini, "machine", "memory");

	*ret = 2LL << 30;
	if (!s || (units_parse_bytes(s->value, ret) && *ret >= 128 << 20))
		return true;
	return wrong(ini, s, "a size of at least 128M, as in 2G");
}

static bool read_arch(struct ini_file *ini, const struct arch **ret)
{
	struct ini_setting *s = ini_file_find(ini, "machine", "arch");

	*ret = arch_find(s ? s->value : "x86_64");
	return *ret || wrong(ini, s, arch_names());
}

static char *read_text(struct ini_file *ini, const char *key, const char *dflt)
{
	struct ini_setting *s = ini_file_find(ini, "machine", key);

	return s ? strdup(s->value) : dflt ? strdup(dflt) : NULL;
}

static bool check_keys(const struct ini_file *ini)
{
	size_t i, k;

	for (i = 0; i < ini->nr; i++) {
		for (k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			if (!strcmp(ini->settings[i].key, known[k]))
				break;
		if (strcmp(ini->settings[i].section, "machine"))
			return err("%s:%zu: a machine has only the section [machine], not [%s]",
				   ini->path, ini->settings[i].line, ini->settings[i].section);
		if (k == sizeof(known) / sizeof(known[0]))
			return err("%s:%zu: a machine has no key '%s'", ini->path,
				   ini->settings[i].line, ini->settings[i].key);
	}
	return true;
}

/* This machine and its kernel are as they are. */
static bool check_local(const struct ini_file *ini)
{
	const struct ini_setting *s;
	size_t i;

	for (i = 0; i < ini->nr; i++) {
		s = &ini->settings[i];
		if (strcmp(s->key, "kind"))
			return err("%s:%zu: %s = %s: kind = local is this machine as it is; %s is "
				   "for kind = qemu",
				   ini->path, s->line, s->key, s->value, s->key);
	}
	return true;
}

/* What cannot be, whatever the plan. */
static bool check_sense(const struct machine *m)
{
	if (m->kind == MACHINE_LOCAL)
		return true;
	if (m->accel == ACCEL_KVM && m->arch != arch_here())
		return err("%s: accel = kvm cannot run %s here; use tcg or auto", m->path,
			   m->arch->name);
	if (!strcmp(m->cpu, "host") && m->accel != ACCEL_KVM)
		return err("%s: cpu = host needs accel = kvm", m->path);
	if (m->nodes > m->vcpus)
		return err("%s: %d NUMA nodes, but only %d vCPUs to share out", m->path, m->nodes,
			   m->vcpus);
	if (m->accel == ACCEL_EXACT && m->vcpus > 1)
		return err("%s: accel = exact counts one vCPU, and here are %d", m->path, m->vcpus);
	return true;
}

bool machine_read(struct machine *m, const char *path)
{
	int kind = MACHINE_LOCAL, accel = ACCEL_AUTO;
	struct ini_file ini = {0};
	bool ok = false;
	const char *slash;

	*m = (struct machine){.name = path ? NULL : strdup("local")};
	if (!path)
		return true;
	if (!ini_file_read(&ini, path))
		return false;
	if (!check_keys(&ini) || !read_choice(&ini, "kind", kinds, "local or qemu", 0, &kind) ||
	    (kind == MACHINE_LOCAL && !check_local(&ini)) || !read_arch(&ini, &m->arch) ||
	    !read_choice(&ini, "accel", accels, "auto, kvm, tcg or exact", ACCEL_AUTO, &accel) ||
	    !read_memory(&ini, &m->memory) || !read_int(&ini, "vcpus", 512, 1, &m->vcpus) ||
	    !read_int(&ini, "nodes", 64, 1, &m->nodes) ||
	    !read_int(&ini, "time-limit", 1000000, 600, &m->time_limit_s) ||
	    !read_int(&ini, "perturb", 20, 5, &m->perturb) ||
	    !read_int(&ini, "runs", 1000, 1, &m->runs) ||
	    !read_int(&ini, "iterations", 1000000, 3, &m->iterations))
		goto out;
	slash = strrchr(path, '/');
	m->path = strdup(path);
	m->name = strndup(slash ? slash + 1 : path, strcspn(slash ? slash + 1 : path, "."));
	m->kind = (enum machine_kind)kind;
	m->accel = (enum machine_accel)accel;
	m->cpu = read_text(&ini, "cpu", "max");
	m->options = read_text(&ini, "options", NULL);
	m->cmdline = read_text(&ini, "cmdline", NULL);
	ok = check_sense(m);
out:
	ini_file_free(&ini);
	if (!ok)
		machine_free(m);
	return ok;
}

void machine_free(struct machine *m)
{
	free(m->path);
	free(m->name);
	free(m->cpu);
	free(m->options);
	free(m->cmdline);
	*m = (struct machine){0};
}
