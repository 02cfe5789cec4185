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

static void run_at_end(const char *command, const char *status, const char *why,
		       const char *journal, const char *plan)
{
	const char *const words[] = {"sh", "-c", command, NULL};
	char *text = NULL;
	int result;

	tell("FAULTBENCH_STATUS", status);
	tell("FAULTBENCH_REASON", why);
	tell("FAULTBENCH_JOURNAL", journal);
	tell("FAULTBENCH_PLAN", plan);
	result = child_run(words, NULL, &text, NULL);
	if (result)
		note("--at-end: the command ended with status %d: %.200s", result,
		     text ? text : "");
	free(text);
}

void alone_end(struct alone_folder *f, const struct alone_task *task, const char *status,
	       const char *why)
{
	char *command = task->at_end ? strdup(task->at_end) : NULL;

	alone_folder_clear(f);
	note("%s: the campaign has ended: %s%s%s", task->journal, status, *why ? ": " : "", why);
	if (command)
		run_at_end(command, status, why, task->journal, task->plan);
	free(command);
}
