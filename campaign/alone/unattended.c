// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/alone/unattended.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "campaign/alone/ending.h"
#include "campaign/alone/folder.h"
#include "campaign/alone/steps.h"
#include "campaign/resume.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/journal.h"
#include "common/msg.h"
#include "common/seconds.h"

#define GONE_ON "FAULTBENCH_GONE_ON" /* tells a campaign that it goes on after a boot */
#define SAY_S	5		     /* after which it is said who is waited for, */
#define STOP_S	900 /* and for how long: a run is cleaned up after, or a kernel being installed */

static json_t *environment(void)
{
	json_t *env = json_object();
	size_t i;

	for (i = 0; alone_env[i]; i++)
		if (getenv(alone_env[i]))
			json_object_set_new(env, alone_env[i], json_string(getenv(alone_env[i])));
	return env;
}

/* An absolute path of a file that may not be there yet; malloc'ed. */
static char *absolute(const char *cwd, const char *path)
{
	return *path == '/' ? strdup(path) : files_text("%s/%s", cwd, path);
}

/* A new object; NULL with one line printed. */
static json_t *task_of(const struct campaign *c)
{
	char cwd[PATH_MAX], program[PATH_MAX] = "", *journal, *machine;
	json_t *task;

	if (readlink("/proc/self/exe", program, sizeof(program) - 1) < 0 ||
	    !getcwd(cwd, sizeof(cwd)) || *cwd != '/' || *program != '/') {
		err_errno("the program or the current folder cannot be named");
		return NULL;
	}
	journal = absolute(cwd, c->path);
	machine = absolute(cwd, c->machine->path);
	task = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s*,s:O,s:o}", "program", program, "cwd", cwd,
			 "journal", journal, "machine", machine, "plan", c->plan->name, "at_end",
			 c->alone->at_end, "words", c->alone->words, "env", environment());
	free(machine);
	free(journal);
	if (!task)
		err("what is no UTF-8, in words, paths or the environment, cannot be gone on with");
	return task;
}

static bool is_same(const struct alone_task *under_way, const json_t *task)
{
	return json_equal(json_object_get(under_way->json, "words"),
			  json_object_get(task, "words")) &&
	       json_equal(json_object_get(under_way->json, "cwd"), json_object_get(task, "cwd"));
}

static int say_taken(pid_t holder)
{
	err("a campaign is being carried out on this machine, by process %d: see `campaign "
	    "status`",
	    (int)holder);
	return EXIT_CANNOT_RUN;
}

/* Its journal says so as well, if it can. */
static void put_ended(const char *path, const char *status)
{
	json_t *record = json_pack("{s:s,s:s,s:s,s:I}", "type", "campaign", "event", "ended",
				   "status", status, "when", (json_int_t)time(NULL));
	struct journal journal;

	if (!access(path, F_OK) && journal_open(&journal, path)) {
		journal_append(&journal, record);
		journal_close(&journal);
	}
	json_decref(record);
}

static int end_failed(struct alone_folder *f, const struct alone_task *task, int status)
{
	put_ended(task->journal, "failed");
	alone_end(f, task, "failed", "it cannot go on, as its last messages say");
	return status;
}

static int carry_out(struct alone_folder *f, const struct campaign *c, const struct alone_task *t)
{
	struct alone_outcome outcome;
	int status;

	/* Where it was started by what goes on after a boot, that is there. */
	if (!getenv(GONE_ON) && !alone_go_on_after(f, c->machine)) {
		if (c->alone->begins)
			alone_folder_clear(f);
		return EXIT_CANNOT_RUN;
	}
	unsetenv(GONE_ON);
	status = alone_steps(c, &outcome);
	if (!outcome.over)
		return end_failed(f, t, status);
	alone_end(f, t, outcome.given_up ? "given-up" : "complete", outcome.why);
	return status;
}

static int stopped(struct alone_folder *f, const struct alone_task *task)
{
	put_ended(task->journal, "stopped");
	alone_end(f, task, "stopped", "");
	return EXIT_OK;
}

/* With the folder locked. */
static int begin(struct alone_folder *f, const struct campaign *c, const json_t *task)
{
	struct campaign_alone alone = *c->alone;
	struct campaign mine = *c;
	struct alone_task there;
	int status = EXIT_USAGE;
	bool bad;

	mine.alone = &alone;
	alone.begins = !alone_task_read(f, &there, &bad);
	if (bad)
		return EXIT_USAGE;
	if (!alone.begins && alone_folder_stopping(f))
		status = stopped(f, &there);
	else if (!alone.begins && !is_same(&there, task))
		err("another campaign is under way on this machine, into %s: `campaign stop` ends "
		    "it",
		    there.journal);
	else if (!alone.begins || (resume_possible(c->path, c->plan) && alone_task_write(f, task) &&
				   alone_task_read(f, &there, &bad)))
		status = carry_out(f, &mine, &there);
	alone_task_free(&there);
	return status;
}

int alone_unattended(const struct campaign *c)
{
	json_t *task = task_of(c);
	struct alone_folder f = {.lock = -1};
	int status = EXIT_USAGE;
	pid_t holder = 0;

	if (task && alone_folder_open(&f, NULL, true))
		status = alone_folder_lock(&f, &holder) ? begin(&f, c, task) : say_taken(holder);
	alone_folder_close(&f);
	json_decref(task);
	return status;
}

/* Becomes the command, in its folder and with its environment. */
static int become(const struct alone_task *task)
{
	json_t *words = json_object_get(task->json, "words"), *word;
	const json_t *env = json_object_get(task->json, "env");
	const char **argv = calloc(json_array_size(words) + 2, sizeof(*argv)), *value;
	size_t i;

	if (!argv)
		abort();
	for (i = 0; alone_env[i]; i++) {
		value = json_string_value(json_object_get(env, alone_env[i]));
		if (value)
			setenv(alone_env[i], value, 1);
		else
			unsetenv(alone_env[i]);
	}
	setenv(GONE_ON, "1", 1);
	argv[0] = "faultbench";
	json_array_foreach(words, i, word)
		argv[i + 1] = json_string_value(word);
	if (chdir(task->cwd))
		err_errno("%s: the campaign was begun there", task->cwd);
	else if (execv(task->program, (char *const *)argv))
		err_errno("%s: cannot be started", task->program);
	free(argv);
	return EXIT_CANNOT_RUN;
}

/* A service is started in the folder, with nothing in its environment that says where that is. */
static const char *folder_here(char cwd[PATH_MAX])
{
	static const char end[] = "/faultbench/campaign";
	size_t len = getcwd(cwd, PATH_MAX) ? strlen(cwd) : 0;

	return len > strlen(end) && !strcmp(cwd + len - strlen(end), end) ? cwd : NULL;
}

int alone_go_on(void)
{
	char cwd[PATH_MAX];
	struct alone_folder f;
	struct alone_task task = {0};
	int status = EXIT_OK;
	bool bad = false;

	if (!alone_folder_open(&f, folder_here(cwd), false))
		status = EXIT_USAGE;
	else if (alone_task_read(&f, &task, &bad))
		status = become(&task);
	else if (!bad)
		note("%s: no campaign is under way", f.path);
	alone_task_free(&task);
	alone_folder_close(&f);
	return bad ? EXIT_USAGE : status;
}

/* Until who has it has cleaned up. False with one line printed. */
static bool take_over(struct alone_folder *f)
{
	double begun = seconds_now();
	bool said = false;
	pid_t holder, told = 0;

	while (!alone_folder_lock(f, &holder)) {
		if (seconds_now() > begun + STOP_S)
			return err("%s: process %d, which carries it out, does not end; give the "
				   "same command again when it has",
				   f->path, (int)holder);
		if (!said && seconds_now() > begun + SAY_S)
			note("process %d is waited for, which carries it out", (int)holder);
		said = seconds_now() > begun + SAY_S;
		if (holder > 0 && holder != told && !kill(holder, SIGTERM))
			told = holder;
		poll(NULL, 0, 100);
	}
	return true;
}

int alone_stop(const char *journal)
{
	struct alone_folder f;
	struct alone_task task = {0};
	int status = EXIT_USAGE;
	bool bad = false;

	if (!alone_folder_open(&f, NULL, false))
		return EXIT_USAGE;
	if (!alone_task_read(&f, &task, &bad)) {
		if (!bad)
			status = EXIT_OK;
		if (!bad)
			note("no campaign is under way");
	} else if (journal && !alone_task_is_into(&task, journal)) {
		err("%s: is not under way; %s is", journal, task.journal);
	} else if (alone_folder_want_stop(&f)) {
		status = take_over(&f) ? stopped(&f, &task) : EXIT_FAILED;
	}
	alone_task_free(&task);
	alone_folder_close(&f);
	return status;
}
