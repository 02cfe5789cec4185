// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/alone/ending.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/msg.h"
#include "common/process.h"

/* What it lacks is said now, to whom is still there. */
static bool lacks_nothing(const struct machine *m)
{
	struct lack lacks[LACKS_MOST];
	size_t nr = machine_lacks(m, lacks), i;
	bool ok = true;

	for (i = 0; i < nr; i++) {
		if (lacks[i].stops && ok)
			ok = err("%s: %s: %s%s%s", m->path, lacks[i].title, lacks[i].what,
				 lacks[i].mend ? "; mend: " : "", lacks[i].mend ?: "");
		else if (!lacks[i].stops)
			note("%s: %s: %s", m->path, lacks[i].title, lacks[i].what);
		free(lacks[i].what);
		free(lacks[i].mend);
	}
	return ok;
}

bool alone_go_on_after(const struct alone_folder *f, const struct machine *m)
{
	char *todo, *why;
	bool ok;

	if (!lacks_nothing(m))
		return false;
	ok = machine_go_on(m, f->path, &todo, &why);
	if (!ok)
		err("%s: this machine cannot be made to go on after a boot: %s", m->path, why);
	else if (todo)
		note("have your init start this after each boot, as this user: %s", todo);
	free(todo);
	free(why);
	return ok;
}

static void go_on_no_more(const struct alone_task *task)
{
	char *todo = NULL, *why = NULL;
	struct machine m;

	if (!machine_read(&m, task->machine))
		return;
	if (m.alone && !machine_go_on(&m, NULL, &todo, &why))
		err("%s: something is left on this machine: %s", task->machine, why);
	free(todo);
	free(why);
	machine_free(&m);
}

static void tell(const char *name, const char *value)
{
	setenv(name, value, 1);
}

static void run_at_end(const struct alone_task *task, const char *status, const char *why)
{
	const char *const words[] = {"sh", "-c", task->at_end, NULL};
	char *text = NULL;
	int result;

	tell("FAULTBENCH_STATUS", status);
	tell("FAULTBENCH_REASON", why);
	tell("FAULTBENCH_JOURNAL", task->journal);
	tell("FAULTBENCH_PLAN", task->plan);
	result = child_run(words, task->cwd, &text, NULL);
	if (result)
		note("--at-end: the command ended with status %d: %.200s", result,
		     text ? text : "");
	free(text);
}

void alone_end(struct alone_folder *f, const struct alone_task *task, const char *status,
	       const char *why)
{
	go_on_no_more(task);
	alone_folder_clear(f);
	note("%s: the campaign has ended: %s%s%s", task->journal, status, *why ? ": " : "", why);
	if (task->at_end)
		run_at_end(task, status, why);
}
