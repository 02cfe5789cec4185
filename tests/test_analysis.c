// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Statistics, reading of journals, and the tables of absolute numbers. Run in the source tree, or
 * with the path of tests/golden as the first word.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "analysis/facts.h"
#include "analysis/points.h"
#include "analysis/results.h"
#include "analysis/stats.h"
#include "analysis/table_absolute.h"
#include "common/io.h"

#define NEAR 1e-9

static void test_stats(void **state)
{
	const double two[] = {1, 3}, values[] = {2, 4, 4, 4, 5, 5, 7, 9};
	double unsorted[] = {9, 1, 5};

	(void)state;
	assert_true(isnan(stats_mean(two, 0)));
	assert_float_equal(stats_mean(two, 2), 2, NEAR);
	assert_true(isnan(stats_sd(two, 1)));
	assert_float_equal(stats_sd(two, 2), sqrt(2), NEAR);
	assert_float_equal(stats_sd(values, 8), sqrt(32.0 / 7), NEAR);
	assert_float_equal(stats_rel_sd(two, 2), sqrt(2) / 2, NEAR);
	assert_true(isnan(stats_rel_sd(two, 1)));
	stats_sort(unsorted, 3);
	assert_float_equal(unsorted[2], 9, NEAR);
	assert_float_equal(stats_quantile(unsorted, 3, 0.5), 5, NEAR);
	assert_float_equal(stats_quantile(two, 2, 0.25), 1.5, NEAR);
	assert_true(isnan(stats_quantile(two, 0, 0.5)));
}

/* The stdev does not move when a constant is added, and scales with the values. */
static void test_stats_properties(void **state)
{
	double values[100], moved[100], scaled[100];
	unsigned int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		values[i] = (double)((i * 7919 + 13) % 101);
		moved[i] = values[i] + 1e6;
		scaled[i] = values[i] * 3;
	}
	assert_float_equal(stats_sd(moved, 100), stats_sd(values, 100), 1e-6);
	assert_float_equal(stats_sd(scaled, 100), 3 * stats_sd(values, 100), 1e-6);
	assert_float_equal(stats_rel_sd(scaled, 100), stats_rel_sd(values, 100), NEAR);
}

/* Writes a journal and loads it; the caller frees. */
static bool load_text(struct results *results, const char *text)
{
	char path[] = "/tmp/test_analysis-XXXXXX", *paths[] = {path};
	int fd = mkstemp(path);
	bool ok;

	assert_true(fd >= 0 && io_write_all(fd, text, strlen(text)));
	close(fd);
	ok = results_load(results, paths, 1);
	unlink(path);
	return ok;
}

#define PLAN(points) "{\"type\":\"plan\",\"schema\":1,\"points\":[" points "]}\n"
#define POINT0	     "{\"bench\":\"fork\",\"variant\":\"fork\",\"order\":0}"
#define POINT0_AGAIN "{\"order\":0,\"variant\":\"fork\",\"bench\":\"fork\"}"
#define POINT9	     "{\"bench\":\"fork\",\"variant\":\"fork\",\"order\":9}"
#define RUN(kernel, boot, run, point, more)                                            \
	"{\"type\":\"run\",\"kernel\":\"" kernel "\",\"boot\":" #boot ",\"run\":" #run \
	",\"point\":" point ",\"unit\":\"ns\"," more "}\n"
#define OK(samples)	  "\"status\":\"ok\",\"source\":\"timed\",\"samples\":[" samples "]"
#define EMULATED(samples) "\"status\":\"ok\",\"source\":\"emulated\",\"samples\":[" samples "]"
#define SKIPPED		  "\"status\":\"skipped\",\"reason\":\"needs root\",\"samples\":[]"
#define VOID(samples)                             \
	"\"status\":\"void\",\"reason\":\"wrong " \
	"order\",\"source\":\"timed\",\"samples\":[" samples "]"

static void test_load(void **state)
{
	const struct result_cell *cell;
	struct results results;
	double units[2];

	(void)state;
	assert_true(load_text(&results,
			      PLAN("{\"point\":" POINT9 "}") "{\"type\":\"news\",\"a\":1}\n" RUN(
				      "a", 0, 0, POINT0, OK("10,20,30") ",\"unknown\":[1]")
				      RUN("a", 0, 1, POINT0_AGAIN, OK("40"))
					      RUN("b", 0, 0, POINT0, OK("80"))));
	assert_int_equal(results.nr_kernels, 2);
	assert_int_equal(results.nr_points, 2);
	assert_string_equal(results.kernels[1].label, "b");
	assert_int_equal(results_kernel(&results, "b"), 1);
	assert_int_equal(results_kernel(&results, "c"), -1);
	cell = results_cell(&results, 0, 1);
	assert_int_equal(cell->nr_ok, 2);
	assert_int_equal(cell->runs[0].iterations, 3);
	assert_float_equal(cell->runs[0].min_ns, 10, NEAR);
	assert_float_equal(cell->runs[0].max_ns, 30, NEAR);
	assert_int_equal(cell_units(cell, RESULT_TIME, units), 2);
	assert_float_equal(cell_mean(cell, RESULT_TIME), 30, NEAR);
	assert_float_equal(cell_rel_sd(cell, RESULT_TIME), sqrt(200) / 30, NEAR);
	assert_true(isnan(cell_rel_sd(results_cell(&results, 1, 1), RESULT_TIME)));
	assert_int_equal(results.warnings.nr + cell->warnings.nr, 0);
	results_free(&results);
}

/* With more than one boot, boots count, however many runs each of them has. */
static void test_boots(void **state)
{
	const struct result_cell *cell;
	struct basis basis = {0};
	struct results results;
	char text[BASIS_TEXT];

	(void)state;
	assert_true(load_text(&results, RUN("a", 0, 0, POINT0, OK("10,10"))
						RUN("a", 0, 1, POINT0, OK("20,20"))
							RUN("a", 1, 0, POINT0, OK("45"))
								RUN("a", 2, 0, POINT0, VOID("9"))));
	cell = results_cell(&results, 0, 0);
	assert_float_equal(cell_mean(cell, RESULT_TIME), 30, NEAR);
	assert_float_equal(cell_rel_sd(cell, RESULT_TIME), sqrt(450) / 30, NEAR);
	basis_add(&basis, cell);
	assert_string_equal(basis_text(&basis, text), "2 boots x 1-2 runs x 1-2 iterations");
	results_free(&results);
}

static void test_duplicates(void **state)
{
	struct results results;

	(void)state;
	assert_true(load_text(&results, RUN("a", 0, 0, POINT0, OK("10"))
						RUN("a", 0, 0, POINT0_AGAIN, OK("99"))
							RUN("a", 1, 0, POINT0, OK("10"))));
	assert_int_equal(results_cell(&results, 0, 0)->nr, 2);
	assert_float_equal(cell_mean(results_cell(&results, 0, 0), RESULT_TIME), 10, NEAR);
	assert_int_equal(results.warnings.nr, 1);
	assert_non_null(strstr(results.warnings.text[0], "1 run of 'a' found a second time"));
	results_free(&results);
}

static void test_trouble(void **state)
{
	struct results results;
	char *trouble;

	(void)state;
	assert_true(load_text(&results,
			      RUN("a", 0, 0, POINT0, OK("10")) RUN("a", 0, 1, POINT0, VOID("9"))
				      RUN("b", 0, 0, POINT9, SKIPPED)));
	assert_null(results_cell(&results, 0, 1));
	assert_null(results_cell(&results, 1, 0));
	assert_true(isnan(cell_mean(results_cell(&results, 1, 0), RESULT_TIME)));
	assert_true(isnan(cell_mean(results_cell(&results, 1, 1), RESULT_TIME)));
	trouble = cell_trouble(results_cell(&results, 1, 0));
	assert_string_equal(trouble, "not measured");
	free(trouble);
	trouble = cell_trouble(results_cell(&results, 1, 1));
	assert_string_equal(trouble, "skipped: needs root");
	free(trouble);
	trouble = cell_trouble(results_cell(&results, 0, 0));
	assert_string_equal(trouble, "1 of 2 runs left out, the first void: wrong order");
	free(trouble);
	assert_float_equal(cell_mean(results_cell(&results, 0, 0), RESULT_TIME), 10, NEAR);
	results_free(&results);
}

static void test_mixed_source(void **state)
{
	struct results results;

	(void)state;
	assert_true(load_text(&results, RUN("a", 0, 0, POINT0, OK("10"))
						RUN("a", 0, 1, POINT0, EMULATED("10"))));
	assert_int_equal(results_cell(&results, 0, 0)->warnings.nr, 1);
	results_free(&results);
}

static void test_cut_line(void **state)
{
	struct results results;

	(void)state;
	assert_true(
		load_text(&results, RUN("a", 0, 0, POINT0, OK("10")) "{\"type\":\"run\",\"ker"));
	assert_int_equal(results_cell(&results, 0, 0)->nr, 1);
	results_free(&results);
}

static void test_refused(void **state)
{
	struct results results;

	(void)state;
	assert_false(load_text(&results, ""));
	assert_false(load_text(&results, PLAN("")));
	assert_false(load_text(&results, "{\"type\":\"plan\",\"schema\":2,\"points\":[]}\n"));
	assert_false(load_text(&results, "{\"type\":\"plan\",\"points\":[]}\n"));
	assert_false(load_text(&results, "not JSON\n" RUN("a", 0, 0, POINT0, OK("10"))));
	assert_false(load_text(&results, "{\"type\":\"run\",\"kernel\":\"a\"}\n"));
	assert_int_equal(results.nr_kernels, 0);
}

static void check_title(const char *model, const char *hypervisor, const char *wanted)
{
	json_t *machine =
		json_pack("{s:{s:s,s:s}}", "facts", "cpu.model", model, "hypervisor", hypervisor);
	char title[FACTS_TITLE];

	assert_string_equal(facts_title(machine, title), wanted);
	json_decref(machine);
}

static void test_titles(void **state)
{
	char title[FACTS_TITLE];

	(void)state;
	check_title("Intel(R) Xeon(R) Processor", "kvm", "Intel Xeon VM");
	check_title("Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz", "none",
		    "Intel Xeon Platinum 8259CL");
	check_title("AMD EPYC 7763 64-Core Processor", "none", "AMD EPYC 7763");
	check_title("Neoverse-N1", "none", "Neoverse-N1");
	assert_string_equal(facts_title(NULL, title), "machine");
}

static void test_param_names(void **state)
{
	json_t *point = json_pack("{s:s,s:s,s:I,s:i,s:i,s:i,s:s}", "bench", "fault", "variant",
				  "write", "size", (json_int_t)1 << 30, "threads", 4, "processes",
				  1, "order", 9, "place", "core");
	char text[POINT_TEXT];

	(void)state;
	assert_string_equal(point_op(point, text), "fault/write");
	assert_string_equal(point_param(point, "size", text), "size 1G");
	assert_string_equal(point_param(point, "threads", text), "4 threads");
	assert_string_equal(point_param(point, "processes", text), "1 process");
	assert_string_equal(point_param(point, "order", text), "order-9 (pte-map)");
	assert_string_equal(point_value(point, "order", text), "9");
	assert_string_equal(point_value(point, "nothing", text), "-");
	json_decref(point);
}

static void check_table(char *const *journals, size_t nr, const char *golden)
{
	char *text = NULL, *wanted = io_read_file(golden);
	struct results results;
	size_t size;
	FILE *out;

	assert_non_null(wanted);
	assert_true(results_load(&results, journals, nr));
	out = open_memstream(&text, &size);
	assert_non_null(out);
	table_absolute(out, &results);
	fclose(out);
	assert_true(size && text[size - 1] == '\n');
	text[size - 1] = '\0'; /* as io_read_file() does */
	assert_string_equal(text, wanted);
	results_free(&results);
	free(wanted);
	free(text);
}

static void test_tables(void **state)
{
	static char *const journals[] = {"fork.jsonl", "storms.jsonl",	"contend.jsonl",
					 "one.jsonl",  "boots-a.jsonl", "boots-b.jsonl"};

	(void)state;
	check_table(&journals[0], 1, "absolute-fork.txt");
	check_table(&journals[1], 1, "absolute-storms.txt");
	check_table(&journals[2], 1, "absolute-contend.txt");
	check_table(&journals[3], 1, "absolute-one.txt");
	check_table(&journals[4], 2, "absolute-boots.txt");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stats),	     cmocka_unit_test(test_stats_properties),
		cmocka_unit_test(test_load),	     cmocka_unit_test(test_boots),
		cmocka_unit_test(test_duplicates),   cmocka_unit_test(test_trouble),
		cmocka_unit_test(test_mixed_source), cmocka_unit_test(test_cut_line),
		cmocka_unit_test(test_refused),	     cmocka_unit_test(test_titles),
		cmocka_unit_test(test_param_names),  cmocka_unit_test(test_tables),
	};

	if (chdir(argc > 1 ? argv[1] : "tests/golden")) {
		perror(argc > 1 ? argv[1] : "tests/golden");
		return 2;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
