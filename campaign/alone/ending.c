// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/alone/ending.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/msg.h"
#include "common/process.h"

bool alone_service_on(const struct alone_folder *f, const struct machine *m)
{
	(void)m;
	note("after each boot this has to be started, by you or your init: %s/faultbench campaign "
	     "go-on",
	     f->path);
	return true;
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
	alone_folder_clear(f);
	note("%s: the campaign has ended: %s%s%s", task->journal, status, *why ? ": " : "", why);
	if (task->at_end)
		run_at_end(task, status, why);
}
