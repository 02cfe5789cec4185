// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/machine.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg.h"
#include "runners/machine_keys.h"
#include "runners/signals.h"

/* A kind of machine is a row here, and the file that it names. */
static const struct runner *const runners[] = {&runner_local, &runner_qemu, &runner_ssh};

#define NR_RUNNERS (sizeof(runners) / sizeof(runners[0]))

static bool runner_knows(const struct runner *r, const char *key)
{
	size_t i;

	for (i = 0; r->keys[i]; i++)
		if (!strcmp(r->keys[i], key))
			return true;
	return !strcmp(key, "kind") || !strcmp(key, "summary");
}

/* A key is wrong here: is it at home elsewhere? */
static bool refuse_key(const struct ini_file *ini, const struct ini_setting *s,
		       const struct runner *r)
{
	size_t i;

	for (i = 0; i < NR_RUNNERS; i++)
		if (runner_knows(runners[i], s->key))
			return err("%s:%zu: %s = %s: kind = %s is %s; %s is for kind = %s",
				   ini->path, s->line, s->key, s->value, r->kind, r->is, s->key,
				   runners[i]->kind);
	return err("%s:%zu: a machine has no key '%s'", ini->path, s->line, s->key);
}

static bool check_keys(const struct ini_file *ini, const struct runner *r)
{
	const struct ini_setting *s;
	size_t i;

	for (i = 0; i < ini->nr; i++) {
		s = &ini->settings[i];
		if (strcmp(s->section, "machine"))
			return err("%s:%zu: a machine has only the section [machine], not [%s]",
				   ini->path, s->line, s->section);
		if (!runner_knows(r, s->key))
			return refuse_key(ini, s, r);
	}
	return true;
}

static bool read_kind(struct ini_file *ini, const struct runner **ret)
{
	const char *kinds[NR_RUNNERS + 1] = {NULL};
	int kind;
	size_t i;

	for (i = 0; i < NR_RUNNERS; i++)
		kinds[i] = runners[i]->kind;
	if (!machine_key_choice(ini, "kind", kinds, 0, &kind))
		return false;
	*ret = runners[kind];
	return true;
}

bool machine_read(struct machine *m, const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL, *file = slash ? slash + 1 : path;
	struct ini_file ini = {0};
	bool ok;

	*m = (struct machine){.runner = &runner_local};
	if (path && !ini_file_read(&ini, path))
		return false;
	m->path = path ? strdup(path) : NULL;
	m->name = path ? strndup(file, strcspn(file, ".")) : strdup(runner_local.kind);
	ok = read_kind(&ini, &m->runner) && check_keys(&ini, m->runner) && m->runner->read(m, &ini);
	ini_file_free(&ini);
	if (!ok)
		machine_free(m);
	return ok;
}

bool machine_ask(struct machine *m)
{
	return !m->runner->ask || m->runner->ask(m);
}

bool machine_timed(const struct machine *m)
{
	return !m->runner->timed || m->runner->timed(m);
}

bool machine_ready(const struct machine *m)
{
	return !m->runner->ready || m->runner->ready(m);
}

char *machine_boot_id(const struct machine *m)
{
	return m->runner->boot_id ? m->runner->boot_id(m) : NULL;
}

bool machine_runs(const struct machine *m, const struct runner_kernel *kernel, char **ret_is)
{
	*ret_is = NULL;
	return m->runner->runs(m, kernel, ret_is);
}

bool machine_leave(const struct machine *m, const struct runner_kernel *kernel, char **ret_why)
{
	return m->runner->leave(m, kernel, ret_why);
}

bool machine_go_on(const struct machine *m, const char *folder, char **ret_todo, char **ret_why)
{
	*ret_todo = *ret_why = NULL;
	return m->runner->go_on(m, folder, ret_todo, ret_why);
}

void machine_tell(const struct machine *m, json_t *command)
{
	if (m->runner->tell)
		m->runner->tell(m, command);
}

char *machine_identity(const struct runner_boot *wanted)
{
	const struct runner *r = wanted->machine->runner;

	return r->identity ? r->identity(wanted) : NULL;
}

json_t *machine_pack(const struct runner_boot *wanted, int *ret_initrd)
{
	const struct machine *m = wanted->machine;

	if (m->runner->pack && !m->counts)
		return m->runner->pack(wanted, ret_initrd);
	err("%s: %s; name a machine of VMs that are timed", m->path ? m->path : "this machine",
	    m->counts ? "counts, which takes a plugin of ours" : "starts no kernels");
	return NULL;
}

struct runner_boot *machine_start(const struct runner_boot *wanted)
{
	return wanted->machine->runner->start(wanted);
}

/* Whether a boot has ended: its channel has, and it does not go on all the same. */
static bool has_ended(struct runner_boot *boot)
{
	const struct runner *r = boot->machine->runner;

	return boot->channel.end != CHANNEL_OPEN && !(r->serve && r->serve(boot));
}

size_t machine_serve(struct runner_boot *const *boots, size_t nr)
{
	struct channel **channels = calloc(nr + 1, sizeof(*channels));
	size_t i, ended = channels ? nr : 0;

	for (i = 0; i < nr && channels; i++)
		channels[i] = &boots[i]->channel;
	while (channels && ended == nr) {
		channels_wait(channels, nr);
		for (i = 0; i < nr; i++)
			if (has_ended(boots[i]) && ended == nr)
				ended = i;
	}
	free(channels);
	return ended;
}

enum runner_end machine_end(struct runner_boot *boot)
{
	return boot->machine->runner->end(boot);
}

size_t machine_lacks(const struct machine *m, struct lack ret[LACKS_MOST])
{
	return m->runner->lacks ? m->runner->lacks(m, ret) : 0;
}

void machine_finish(const struct machine *m)
{
	if (m->runner->finish)
		m->runner->finish(m);
}

void machine_free(struct machine *m)
{
	if (m->runner && m->runner->forget)
		m->runner->forget(m);
	free(m->path);
	free(m->name);
	free(m->release);
	free(m->host);
	free(m->group);
	*m = (struct machine){0};
}
