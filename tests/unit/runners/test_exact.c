// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What exact mode makes of a guest's records and the plugin's counts, without either.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "runners/exact/exact.h"

#define VECTORS "ffff800080010000 vectors\nffff800080011000 other\n"

/* That the record becomes one of that status, with that reason in it; or, status NULL, none. */
static void take(struct exact *x, const char *text, const char *status, const char *wanted)
{
	json_t *record = json_loads(text, 0, NULL), *joined;
	const char *reason;

	assert_non_null(record);
	joined = exact_take(x, record);
	json_decref(record);
	if (!status) {
		assert_null(joined);
		return;
	}
	reason = json_string_value(json_object_get(joined, "reason"));
	assert_string_equal(json_string_value(json_object_get(joined, "status")), status);
	if (wanted && (!reason || !strstr(reason, wanted)))
		fail_msg("no '%s' in '%s'", wanted, reason ? reason : "(no reason)");
	if (!wanted)
		assert_null(reason);
	json_decref(joined);
}

/* The plugin's line for the run-th run, of two iterations. */
static void count(struct exact *x, long run, int entries)
{
	dprintf(x->counts,
		"{\"run\":%ld,\"entries\":%d,\"iterations\":[[%ld,1,0,0],[11,1,0,0]],"
		"\"blocks\":[]}\n",
		run, entries, 10 + run);
}

/* A run, of which the plugin says it understood so many entries. */
static void run(struct exact *x, int entries, int switched, const char *status, const char *reason)
{
	char text[256];

	count(x, (long)x->runs, entries);
	snprintf(text, sizeof(text),
		 "{\"type\":\"run\",\"status\":\"ok\",\"samples\":[5,6],\"conditions\":"
		 "{\"switched\":%d}}",
		 switched);
	take(x, text, status, reason);
}

static void begin_with(struct exact *x, const char *symbols)
{
	json_t *record = json_pack("{s:s,s:s*}", "type", "symbols", "text", symbols);
	char *text = json_dumps(record, 0);

	take(x, text, NULL, NULL);
	free(text);
	json_decref(record);
}

static void begin(struct exact *x, const char *symbols)
{
	assert_true(exact_open(x, arch_find("arm64"), false, false, NULL));
	begin_with(x, symbols);
}

static void test_told(void **state)
{
	struct exact x;

	(void)state;
	begin(&x, VECTORS);
	assert_int_equal(x.nr_entries, 24);
	run(&x, 24, 0, "ok", NULL);
	run(&x, 24, 1, "void", "another task ran");
	run(&x, 23, 0, "void", "has not understood where the kernel enters");
	exact_close(&x);
}

static void test_blind(void **state)
{
	struct exact x;

	(void)state;
	begin(&x, NULL);
	run(&x, 0, 0, "void", "the guest shows no symbols");
	exact_close(&x);
	/* As kernel.kptr_restrict shows them. */
	begin(&x, "0000000000000000 vectors\n");
	run(&x, 0, 0, "void", "the guest shows no symbols");
	exact_close(&x);
	begin(&x, "ffff800080011000 other\n");
	run(&x, 0, 0, "void", "symbols do not show where the kernel enters");
	exact_close(&x);
}

/* A run with a model, which has so many iterations of it. */
static void model_run(struct exact *x, const char *misses, const char *status, const char *reason)
{
	dprintf(x->counts,
		"{\"run\":%ld,\"entries\":%zu,\"iterations\":[[10,1,0,0],[11,1,0,0]],\"blocks\":[],"
		"\"misses\":[%s]}\n",
		(long)x->runs, x->nr_entries, misses);
	take(x, "{\"type\":\"run\",\"status\":\"ok\",\"samples\":[5,6],\"conditions\":{}}", status,
	     reason);
}

static void test_model(void **state)
{
	static const char caches[] = "x:l1d=4096/4/64:dtlb=4/4";
	struct exact x;

	(void)state;
	assert_true(exact_open(&x, arch_find("arm64"), false, false, caches));
	begin_with(&x, VECTORS);
	model_run(&x, "[9,2,1,0,3,0,0],[9,0,0,0,0,0,0]", "void", "how its kernel is mapped");
	exact_close(&x);
	assert_true(exact_open(&x, arch_find("arm64"), false, false, caches));
	take(&x,
	     "{\"type\":\"mapped\",\"text\":\"page 12;mapped ffff000000200000 ffff000001a00000 21 "
	     "g;\"}",
	     NULL, NULL);
	begin_with(&x, VECTORS);
	/* The plugin is told of these as well. */
	assert_int_equal(x.nr_entries, 26);
	model_run(&x, "[9,2,1,0,3,0,0],[9,0,0,0,0,0,0]", "ok", NULL);
	model_run(&x, "[9,2,1,0,3,0,0]", "failed", "another number of iterations");
	exact_close(&x);
}

static void test_no_counts(void **state)
{
	struct exact x;

	(void)state;
	begin(&x, VECTORS);
	take(&x, "{\"type\":\"run\",\"status\":\"ok\",\"samples\":[5,6]}", "failed",
	     "the plugin counted nothing");
	exact_close(&x);
}

/* The guest does not wait for us: lines of runs whose records we have not seen are there already.
 */
static void test_late(void **state)
{
	static const char record[] =
		"{\"type\":\"run\",\"status\":\"%s\",\"samples\":[5,6],\"conditions\":{}}";
	static const char *const status[] = {"ok", "failed", "ok", "skipped", "ok"};
	const size_t nr = sizeof(status) / sizeof(status[0]);
	json_t *parsed, *joined;
	struct exact x;
	char text[256];
	size_t i;

	(void)state;
	begin(&x, VECTORS);
	for (i = 0; i < nr; i++)
		count(&x, (long)i, 24);
	for (i = 0; i < nr; i++) {
		snprintf(text, sizeof(text), record, status[i]);
		parsed = json_loads(text, 0, NULL);
		joined = exact_take(&x, parsed);
		assert_string_equal(json_string_value(json_object_get(joined, "status")),
				    status[i]);
		if (!strcmp(status[i], "ok"))
			assert_int_equal(json_integer_value(json_array_get(
						 json_object_get(joined, "samples"), 0)),
					 10 + i);
		json_decref(parsed);
		json_decref(joined);
	}
	exact_close(&x);
}

/* A line that could not be written takes nothing from the runs after it. */
static void test_line_lost(void **state)
{
	static const char record[] =
		"{\"type\":\"run\",\"status\":\"ok\",\"samples\":[5,6],\"conditions\":{}}";
	struct exact x;

	(void)state;
	begin(&x, VECTORS);
	count(&x, 1, 24);
	take(&x, record, "failed", "the plugin counted nothing");
	take(&x, record, "ok", NULL);
	take(&x, record, "failed", "the plugin counted nothing");
	exact_close(&x);
}

/* More entries than any kernel has: nobody is waited for, and the counts are not believed. */
static void test_many_entries(void **state)
{
	static char symbols[400000] = "1000 irq_entries_start\n2000 x\n";
	struct exact x;
	size_t used;
	int i;

	(void)state;
	for (i = 0, used = strlen(symbols); i < 9000; i++)
		used += (size_t)sprintf(symbols + used, "%x asm_exc_%d\n", 0x3000 + i, i);
	assert_true(exact_open(&x, arch_find("x86_64"), false, false, NULL));
	begin_with(&x, symbols);
	begin_with(&x, symbols);
	run(&x, 0, 0, "void", "symbols do not show where the kernel enters");
	exact_close(&x);
}

/* One that waits for its child once: what that child did is told, and nobody else has run. */
static void take_turns(struct exact *x, const char *turns, const char *status, const char *reason)
{
	dprintf(x->counts,
		"{\"run\":%lld,\"entries\":24,\"iterations\":[[10,1,0,0],[11,1,0,0]],"
		"\"blocks\":[],\"turns\":%s}\n",
		(long long)x->runs, turns);
	take(x,
	     "{\"type\":\"run\",\"status\":\"ok\",\"samples\":[5,6],\"conditions\":"
	     "{\"turns\":1}}",
	     status, reason);
}

static void test_turns(void **state)
{
	struct exact x;

	(void)state;
	begin(&x, VECTORS);
	take_turns(&x, "[[2,7],[2,8]]", "ok", NULL);
	take_turns(&x, "[[2,7],[3,8]]", "void", "neither the worker nor its child ran");
	take_turns(&x, "[[0,0],[0,0]]", "void", "do not show where the kernel switches tasks");
	exact_close(&x);
	begin(&x, VECTORS "ffff800080012000 cpu_switch_to\n");
	assert_int_equal(x.nr_entries, 25);
	exact_close(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told),	     cmocka_unit_test(test_model),
		cmocka_unit_test(test_blind),	     cmocka_unit_test(test_no_counts),
		cmocka_unit_test(test_late),	     cmocka_unit_test(test_line_lost),
		cmocka_unit_test(test_many_entries), cmocka_unit_test(test_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
