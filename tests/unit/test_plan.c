// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/journal.h"
#include "common/plan.h"

static const char catalogue_text[] =
	"[{\"name\":\"fork\",\"variants\":[{\"name\":\"fork\"},{\"name\":\"vfork\"}],\"params\":["
	"{\"name\":\"size\",\"kind\":\"size\",\"default\":\"1G\",\"min\":4096,\"max\":"
	"1099511627776},"
	"{\"name\":\"order\",\"kind\":\"order\",\"default\":\"0\",\"min\":0,\"max\":64},"
	"{\"name\":\"threads\",\"kind\":\"threads\",\"default\":\"1\",\"min\":1,\"max\":4096},"
	"{\"name\":\"how\",\"kind\":\"choice\",\"default\":\"a\",\"choices\":[\"a\",\"b\"],\"min\":"
	"0,\"max\":0}"
	"]}]";

/* Reads a plan from text, with at most one override. The messages go to the tests' log. */
static bool read_text(struct plan *plan, const char *text, char *override)
{
	json_t *catalogue = json_loads(catalogue_text, 0, NULL);
	char path[] = "/tmp/faultbench-test-XXXXXX";
	int fd = mkstemp(path);
	bool ok;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	ok = plan_read(plan, path, catalogue, &override, override ? 1 : 0);
	unlink(path);
	json_decref(catalogue);
	return ok;
}

static void every_combination_is_a_point(void **state)
{
	struct plan plan;

	(void)state;
	assert_true(read_text(&plan,
			      "[plan]\nruns=2\niterations=7\n[x]\nbench=fork\nsize=256M, 1G\n"
			      "order = 0,9 , pmd\nhow=b\nwarmup=4\n",
			      NULL));
	assert_int_equal(plan.nr_points, 6);
	assert_int_equal(plan.runs, 2);
	assert_int_equal(plan.points[0].iterations, 7);
	assert_int_equal(plan.points[0].warmup, 4);
	assert_int_equal(json_integer_value(json_object_get(plan.points[5].point, "size")),
			 1 << 30);
	assert_string_equal(json_string_value(json_object_get(plan.points[5].point, "order")),
			    "pmd");
	assert_string_equal(json_string_value(json_object_get(plan.points[5].point, "how")), "b");
	assert_string_equal(json_string_value(json_object_get(plan.points[5].point, "variant")),
			    "fork");
	plan_free(&plan);
}

static void overrides_win(void **state)
{
	struct plan plan;

	(void)state;
	assert_true(read_text(&plan, "[x]\nbench=fork\norder=0,9\n[y]\nbench=fork\nhow=b\n",
			      "order=4"));
	assert_int_equal(plan.nr_points, 2);
	assert_int_equal(json_integer_value(json_object_get(plan.points[1].point, "order")), 4);
	plan_free(&plan);
	assert_true(read_text(&plan, "[x]\nbench=fork\n[y]\nbench=fork\n", "y.order=4"));
	assert_int_equal(json_integer_value(json_object_get(plan.points[0].point, "order")), 0);
	assert_int_equal(json_integer_value(json_object_get(plan.points[1].point, "order")), 4);
	plan_free(&plan);
	assert_true(read_text(&plan, "[plan]\nruns=5\n[x]\nbench=fork\n", "runs=1"));
	assert_int_equal(plan.runs, 1);
	plan_free(&plan);
	assert_false(read_text(&plan, "[x]\nbench=fork\n", "colour=4"));
	assert_false(read_text(&plan, "[x]\nbench=fork\n", "z.order=4"));
	assert_false(read_text(&plan, "[x]\nbench=fork\n", "order"));
	assert_false(read_text(&plan, "[x]\nbench=fork\n", "order="));
}

/* What a point of that index has for a key, as text. */
static const char *text_of(const struct plan *plan, size_t point, const char *key)
{
	return json_string_value(json_object_get(plan->points[point].point, key));
}

/* Texts stand for what only a machine knows; points that have any remember them. */
static void machines_decide(void **state)
{
	struct plan plan;

	(void)state;
	assert_true(read_text(&plan, "[x]\nbench=fork\nsize=4M+\nthreads=1, 4, all\n", NULL));
	assert_int_equal(plan.nr_points, 3);
	assert_string_equal(text_of(&plan, 0, "size"), "4194304+");
	assert_string_equal(text_of(&plan, 0, "threads"), "1/all");
	assert_string_equal(text_of(&plan, 1, "threads"), "4/all");
	assert_string_equal(text_of(&plan, 2, "threads"), "all");
	assert_true(json_equal(plan.points[2].point, plan.points[2].asked));
	plan_free(&plan);
	assert_true(read_text(&plan, "[x]\nbench=fork\nthreads=1, 4\norder=pmd\n", NULL));
	assert_null(plan.points[1].asked);
	plan_free(&plan);
}

/* Bytes are in place of an order, and who comes last wins: the command line. */
static void bytes_are_folios(void **state)
{
	struct plan plan;

	(void)state;
	assert_true(read_text(&plan, "[x]\nbench=fork\nbytes=4K, 65536, 2M\n", NULL));
	assert_int_equal(plan.nr_points, 3);
	assert_string_equal(text_of(&plan, 1, "order"), "64K");
	plan_free(&plan);
	assert_true(read_text(&plan, "[x]\nbench=fork\norder=0,9\n", "bytes=64K"));
	assert_int_equal(plan.nr_points, 1);
	assert_string_equal(text_of(&plan, 0, "order"), "64K");
	plan_free(&plan);
	assert_true(read_text(&plan, "[x]\nbench=fork\nbytes=64K\n", "order=pmd"));
	assert_string_equal(text_of(&plan, 0, "order"), "pmd");
	plan_free(&plan);
}

static void wrong_plans_are_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"[plan]\nruns=3\n",
		"[plan]\nruns=0\n[x]\nbench=fork\n",
		"[plan]\nruns=3x\n[x]\nbench=fork\n",
		"[plan]\nrunz=3\n[x]\nbench=fork\n",
		"[x]\nbench=frok\n",
		"[x]\nbench=fork\norder=4\n[y]\nbench=fork\norder=0,4\n",
		"[x]\nbench=fork\nhow=a,a\n",
		"[x]\nsize=1G\n",
		"[x]\nbench=fork\nvariant=spoon\n",
		"[x]\nbench=fork\nsize=lots\n",
		"[x]\nbench=fork\nsize=1\n",
		"[x]\nbench=fork\norder=1\n",
		"[x]\nbench=fork\nsize=+\n",
		"[x]\nbench=fork\nsize=4M++\n",
		"[x]\nbench=fork\nsize=all\n",
		"[x]\nbench=fork\nhow=all\n",
		"[x]\nbench=fork\nbytes=96K\n",
		"[x]\nbench=fork\nbytes=2K\n",
		"[x]\nbench=fork\nbytes=pmd\n",
		"[x]\nbench=fork\norder=64K\n",
		"[x]\nbench=fork\nbytes=64K\norder=0\n",
		"[x]\nbench=fork\norder=0,,9\n",
		"[x]\nbench=fork\nhow=c\n",
		"[x]\nbench=fork\nplace=moon\n",
		"[x]\nbench=fork\nsize=1G\nsize=2G\n",
		"[x]\nbench=fork\nwarmup=0\n",
		"bench=fork\n",
		"[x\nbench=fork\n",
		"[x]\nbench fork\n",
		"[x]\nbench=\n",
		"[plan]\ncounters=a,,b\n[x]\nbench=fork\n",
		"[plan]\nuntil=0%\n[x]\nbench=fork\n",
		"[plan]\nuntil=0.5\n[x]\nbench=fork\n",
		"[plan]\nuntil=101%\n[x]\nbench=fork\n",
		"[plan]\nuntil=1%\nbudget=0s\n[x]\nbench=fork\n",
		"[plan]\nuntil=1%\nbudget=30\n[x]\nbench=fork\n",
		"[plan]\nbudget=30m\n[x]\nbench=fork\n",
		"[plan]\nsettle=1\n[x]\nbench=fork\n",
		"[plan]\nsettle=2m,1m\n[x]\nbench=fork\n",
		"[plan]\nsettle=1s,2s,3s\n[x]\nbench=fork\n",
	};
	struct plan plan;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (read_text(&plan, wrong[i], NULL))
			fail_msg("accepted: %s", wrong[i]);
}

static void plans_survive_json(void **state)
{
	struct plan plan, back;
	json_t *json, *again;

	(void)state;
	assert_true(read_text(&plan,
			      "[plan]\nuntil=0.5%\nbudget=2h\nsettle=30s\n[x]\nbench=fork\norder="
			      "0,9\n",
			      NULL));
	json = plan_to_json(&plan);
	assert_true(plan_from_json(&back, json));
	assert_true(back.until == 0.005);
	assert_int_equal(back.budget_s, 7200);
	assert_int_equal(back.settle.least_s, 30);
	assert_int_equal(back.settle.most_s, PLAN_SETTLE_MOST_S);
	again = plan_to_json(&back);
	assert_true(json_equal(json, again));
	plan_free(&back);
	json_object_set_new(json, "schema", json_integer(99));
	assert_false(plan_from_json(&back, json));
	json_decref(json);
	json_decref(again);
	plan_free(&plan);
}

/* Every run of every point once, the second run backwards. */
static void the_order_is_there_and_back(void **state)
{
	struct plan plan = {.nr_points = 3};
	static const size_t points[] = {0, 1, 2, 2, 1, 0};
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++) {
		assert_int_equal(plan_step(&plan, i).point, points[i]);
		assert_int_equal(plan_step(&plan, i).run, i / 3);
	}
}

static bool count_line(void *arg, const json_t *json, size_t lineno)
{
	(void)json;
	*(size_t *)arg = lineno;
	return true;
}

static void journals_lose_only_what_was_cut(void **state)
{
	char path[] = "/tmp/faultbench-test-XXXXXX";
	json_t *record = json_pack("{s:s,s:s,s:i}", "type", "end", "kernel", "k", "boot", 0);
	json_t *none = json_pack("{s:s,s:s}", "type", "machine", "kernel", "k");
	json_t *plan = json_pack("{s:s}", "type", "plan");
	struct journal journal, second;
	size_t lines = 0;
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	assert_true(journal_open(&journal, path));
	assert_false(journal_open(&second, path)); /* locked */
	assert_true(journal_append(&journal, plan));
	assert_true(journal_append(&journal, record));
	assert_false(journal_append(&journal, none));
	journal_close(&journal);
	assert_int_equal(truncate(path, 16 + 37 - 4), 0);
	assert_true(journal_read(path, count_line, &lines));
	assert_int_equal(lines, 1);
	assert_true(journal_open(&journal, path));
	assert_true(journal_append(&journal, record));
	journal_close(&journal);
	assert_true(journal_read(path, count_line, &lines));
	assert_int_equal(lines, 2);
	unlink(path);
	assert_false(journal_open(&journal, "/"));
	assert_false(journal_open(&journal, "/dev/null"));
	assert_false(journal_read("/nowhere/j", count_line, &lines));
	json_decref(record);
	json_decref(none);
	json_decref(plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_combination_is_a_point),
		cmocka_unit_test(overrides_win),
		cmocka_unit_test(machines_decide),
		cmocka_unit_test(bytes_are_folios),
		cmocka_unit_test(wrong_plans_are_refused),
		cmocka_unit_test(plans_survive_json),
		cmocka_unit_test(the_order_is_there_and_back),
		cmocka_unit_test(journals_lose_only_what_was_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
