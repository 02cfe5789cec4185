// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a machine that is alone with its plan does next, by what its journal says, and by whose word
 * it goes on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "campaign/alone/decide.h"
#include "campaign/alone/folder.h"
#include "tests/unit/campaign/alone_plan.h"

/* The kernel that runs; -1: another one. */
static bool runs(void *arg, size_t kernel, char **ret_is)
{
	*ret_is = strdup("another");
	return *(int *)arg == (int)kernel;
}

static enum alone_act decide(const char *text, const char *id, int running, int tries,
			     char why[ALONE_WHY])
{
	struct alone_where where = {labels, NULL, KERNELS, id, tries, runs, &running};
	struct alone_state state;
	struct alone_move move;
	struct resume r;
	struct plan plan;
	char path[64];
	FILE *journal = begin_journal(path, &plan, 1);

	fprintf(journal, "%s", text);
	fclose(journal);
	assert_true(resume_read(&r, path, &plan, false));
	assert_true(alone_state_read(&state, path, labels, KERNELS));
	alone_decide(&r, &state, &where, &move);
	snprintf(why, ALONE_WHY, "%s", move.why);
	json_decref(move.turn.todo);
	resume_free(&r);
	plan_free(&plan);
	unlink(path);
	return move.act;
}

/* The first of the plan's order. */
#define FIRST "C"
#define TRY   "{\"type\":\"try\",\"kernel\":\"" FIRST "\",\"boot\":0,\"from\":\"x\"}\n"
#define IN(id)                                                                 \
	"{\"type\":\"machine\",\"kernel\":\"" FIRST "\",\"boot\":0,\"facts\":" \
	"{\"kernel.boot_id\":\"" id "\"}}\n"
#define FORK "{\"bench\":\"fork\",\"variant\":\"fork\"}"
#define ZAP  "{\"bench\":\"zap\",\"variant\":\"munmap\"}"
#define RUN(run, point)                                                                           \
	"{\"type\":\"run\",\"kernel\":\"" FIRST "\",\"boot\":0,\"run\":" #run ",\"point\":" point \
	",\"status\":\"void\",\"reason\":\"x\",\"samples\":[]}\n"
#define OTHER                                                           \
	"{\"type\":\"machine\",\"kernel\":\"A\",\"boot\":2,\"facts\":{" \
	"\"kernel.boot_id\":\"y\"}}\n"
#define IS_FIRST (FIRST[0] - 'A')

/* What a boot is found to be. */
static void decisions(void **state)
{
	char why[ALONE_WHY];

	(void)state;
	/* It was not asked for: that it runs does not make it one. */
	assert_int_equal(decide("", "y", IS_FIRST, 2, why), ALONE_START);
	assert_int_equal(decide(TRY, "y", IS_FIRST, 2, why), ALONE_MEASURE);
	assert_int_equal(decide(TRY, "x", IS_FIRST, 2, why), ALONE_LOST);
	assert_non_null(strstr(why, "was not left"));
	assert_int_equal(decide(TRY, "y", -1, 2, why), ALONE_LOST);
	assert_non_null(strstr(why, "the machine runs another"));
	/* In the middle: the same boot goes on, another one is not it, though its kernel runs. */
	assert_int_equal(decide(TRY IN("y"), "y", IS_FIRST, 2, why), ALONE_MEASURE);
	assert_int_equal(decide(TRY IN("y"), "z", IS_FIRST, 2, why), ALONE_LOST);
	assert_non_null(strstr(why, "went down while"));
	/* All is there but the word that it is. */
	assert_int_equal(decide(TRY IN("y") RUN(0, FORK) RUN(0, ZAP) RUN(1, ZAP) RUN(1, FORK), "z",
				-1, 2, why),
			 ALONE_ENDED);
	assert_int_equal(decide(TRY IN("y") RUN(0, FORK) RUN(0, ZAP) RUN(1, ZAP), "z", -1, 2, why),
			 ALONE_LOST);
	/* A boot of the plan is no other boot of it. */
	assert_int_equal(decide(OTHER TRY, "y", IS_FIRST, 2, why), ALONE_LOST);
	assert_int_equal(decide(OTHER, "y", IS_FIRST, 0, why), ALONE_WAIT);
	/* A campaign that begins owes nothing to the tries of one before. */
	assert_int_equal(decide(TRY TRY TRY "{\"type\":\"campaign\",\"event\":\"begun\"}\n", "y",
				IS_FIRST, 2, why),
			 ALONE_START);
	/* With somebody there: what runs is measured if it is its turn. */
	assert_int_equal(decide("", "y", IS_FIRST, 0, why), ALONE_MEASURE);
	assert_int_equal(decide("", "y", -1, 0, why), ALONE_WAIT);
	assert_int_equal(decide(IN("y"), "z", IS_FIRST, 0, why), ALONE_MEASURE);
}

/* --- the folder ---------------------------------------------------------------------------------
 */

#define TASK                                                                                    \
	"{\"schema\":1,\"program\":\"/p\",\"cwd\":\"/\",\"journal\":\"/j\",\"machine\":\"/m\"," \
	"\"plan\":\"p\",\"words\":[\"run\",\"x y\"],\"env\":{\"HOME\":\"/h\"}}"

static bool reads(const char *folder, const char *text, mode_t mode, bool *ret_bad)
{
	struct alone_folder f = {.path = (char *)folder, .lock = -1};
	struct alone_task task;
	char path[128];
	FILE *out;
	bool ok;

	snprintf(path, sizeof(path), "%s/campaign.json", folder);
	unlink(path);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	chmod(path, mode);
	ok = alone_task_read(&f, &task, ret_bad);
	alone_task_free(&task);
	return ok;
}

/* What is gone on with is what we wrote, where nobody else can. */
static void tasks(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{\"schema\":1}",
		"{\"schema\":2,\"program\":\"/p\",\"cwd\":\"/\",\"journal\":\"/j\",\"machine\":\"/"
		"m\","
		"\"plan\":\"p\",\"words\":[\"run\"],\"env\":{}}",
		"{\"schema\":1,\"program\":\"p\",\"cwd\":\"/\",\"journal\":\"/j\",\"machine\":\"/"
		"m\","
		"\"plan\":\"p\",\"words\":[\"run\"],\"env\":{}}",
		"{\"schema\":1,\"program\":\"/p\",\"cwd\":\"/\",\"journal\":\"/j\",\"machine\":\"/"
		"m\","
		"\"plan\":\"p\",\"words\":[1],\"env\":{}}",
		"{\"schema\":1,\"program\":\"/p\",\"cwd\":\"/\",\"journal\":\"/j\",\"machine\":\"/"
		"m\","
		"\"plan\":\"p\",\"words\":[\"run\"],\"env\":{\"HOME\":7}}",
	};
	char folder[] = "/tmp/test_alone-XXXXXX", path[128];
	struct alone_folder f, other;
	pid_t holder, child;
	bool is_bad;
	int status;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_true(reads(folder, TASK, 0600, &is_bad));
	assert_false(is_bad);
	assert_false(reads(folder, TASK, 0620, &is_bad));
	assert_true(is_bad);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(reads(folder, bad[i], 0600, &is_bad));
		assert_true(is_bad);
	}
	assert_true(alone_folder_open(&f, folder, false) && alone_folder_lock(&f, &holder));
	assert_true(alone_folder_open(&other, folder, false));
	if (!(child = fork()))
		_exit(alone_folder_lock(&other, &holder) || holder != getppid() ||
		      alone_folder_holder(&other) != getppid());
	assert_true(waitpid(child, &status, 0) == child && !status);
	assert_true(alone_folder_want_stop(&f) && alone_folder_stopping(&other));
	alone_folder_clear(&f);
	assert_false(alone_folder_stopping(&f));
	alone_folder_close(&other);
	alone_folder_close(&f);
	chmod(folder, 0777);
	assert_false(alone_folder_open(&f, folder, false));
	alone_folder_close(&f);
	snprintf(path, sizeof(path), "%s/lock", folder);
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decisions),
		cmocka_unit_test(tasks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
