// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading of journals. Run in the source tree, or with the path of tests/golden as the first word.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "analysis/compare/units.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/mm_symbols.h"
#include "analysis/results/point_names.h"
#include "common/io.h"
#include "tests/unit/analysis/journal_text.h"

#define NEAR 1e-9

/* The share of faults without mmap_lock that one run's vmstat means. */
static double share_of(const char *vmstat)
{
	struct results r;
	char *text;
	double share;

	assert_true(asprintf(&text,
			     "{\"type\":\"plan\",\"schema\":1,\"points\":[]}\n"
			     "{\"type\":\"run\",\"kernel\":\"k\",\"boot\":0,\"run\":0,\"point\":"
			     "{\"bench\":\"fault\",\"variant\":\"write\"},\"unit\":\"ns\","
			     "\"status\":\"ok\",\"source\":\"timed\",\"samples\":[1,2],"
			     "\"vmstat\":{%s}}\n",
			     vmstat) > 0);
	assert_true(load_text(&r, text));
	share = cell_mean(results_cell(&r, 0, 0), metrics_find(&r.metrics, "no-mmap_lock"));
	results_free(&r);
	free(text);
	return share;
}

/* By what kernels of each time count. */
static void test_shares(void **state)
{
	(void)state;
	assert_true(isnan(share_of("")));
	assert_true(isnan(share_of("\"pgfault\":100")));
	assert_float_equal(
		share_of("\"pgfault\":1000,\"vma_lock_success\":900,\"vma_lock_abort\":60,"
			 "\"vma_lock_retry\":40,\"vma_lock_miss\":60"),
		0.9, NEAR);
	assert_float_equal(share_of("\"pgfault\":1000,\"vma_lock_abort\":1000"), 0, NEAR);
	assert_float_equal(share_of("\"pgfault\":1000,\"spf_attempt\":800,\"spf_abort\":200"), 0.75,
			   NEAR);
	/* What is not counted cannot be compared with. */
	assert_float_equal(share_of("\"spf_attempt\":8,\"spf_abort\":2"), 0.75, NEAR);
	/* A stray try. */
	assert_true(isnan(share_of("\"pgfault\":2000,\"spf_attempt\":1,\"spf_abort\":1")));
	assert_true(isnan(share_of("\"pgfault\":2000,\"vma_lock_success\":199")));
	assert_float_equal(share_of("\"pgfault\":2000,\"vma_lock_success\":200"), 1, NEAR);
	/* pgfault leaves out those that were speculative. */
	assert_float_equal(share_of("\"pgfault\":250,\"speculative_pgfault\":750"), 0.75, NEAR);
	assert_float_equal(share_of("\"pgfault\":200,\"speculative_pgfault_anon\":500,"
				    "\"speculative_pgfault_file\":100"),
			   0.75, NEAR);
	assert_float_equal(share_of("\"speculative_pgfault\":750"), 1, NEAR);
}

static void test_mm_symbols(void **state)
{
	(void)state;
	assert_true(mm_symbol("CONFIG_SPECULATIVE_PAGE_FAULT"));
	assert_true(mm_symbol("CONFIG_SPECULATIVE_PAGE_FAULT_STATS"));
	assert_true(mm_symbol("CONFIG_PER_VMA_LOCK"));
	assert_true(mm_symbol("CONFIG_AMD_MEM_ENCRYPT")); /* the first and the last of their list */
	assert_true(mm_symbol("CONFIG_ZSMALLOC_STAT"));
	assert_true(mm_symbol("CONFIG_PT_RECLAIM"));
	assert_false(mm_symbol("CONFIG_PT_RECLAI"));
	assert_false(mm_symbol("CONFIG_EXT4_FS"));
	assert_false(mm_symbol("PT_RECLAIM"));
}

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
	assert_float_equal(cell->runs[0].min, 10, NEAR);
	assert_float_equal(cell->runs[0].max, 30, NEAR);
	assert_int_equal(cell_units(cell, cell->op, units), 2);
	assert_float_equal(cell_mean(cell, cell->op), 30, NEAR);
	assert_float_equal(cell_rel_sd(cell, cell->op), sqrt(200) / 30, NEAR);
	assert_true(isnan(cell_rel_sd(results_cell(&results, 1, 1), results_op(&results, 1))));
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
	assert_float_equal(cell_mean(cell, cell->op), 30, NEAR);
	assert_float_equal(cell_rel_sd(cell, cell->op), sqrt(450) / 30, NEAR);
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
	assert_float_equal(mean_of_op(&results, 0, 0), 10, NEAR);
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
	assert_true(isnan(mean_of_op(&results, 1, 0)));
	assert_true(isnan(mean_of_op(&results, 1, 1)));
	trouble = cell_trouble(results_cell(&results, 1, 0));
	assert_string_equal(trouble, "not measured");
	free(trouble);
	trouble = cell_trouble(results_cell(&results, 1, 1));
	assert_string_equal(trouble, "skipped: needs root");
	free(trouble);
	trouble = cell_trouble(results_cell(&results, 0, 0));
	assert_string_equal(trouble, "1 of 2 runs left out, the first void: wrong order");
	free(trouble);
	assert_float_equal(mean_of_op(&results, 0, 0), 10, NEAR);
	results_free(&results);
}

#define COUNTERS(json) ",\"per_count\":4,\"counters\":{" json "}"
#define FAULTS(value, enabled, running) \
	"\"page-faults\":{\"value\":" #value ",\"enabled\":" #enabled ",\"running\":" #running "}"
#define REFUSED "\"cycles:k\":{\"refused\":\"no PMU\"}"

/* Of one op, and extended to the time in which it did not run; refused is not 0. */
static void test_counters(void **state)
{
	const struct result_cell *cell;
	const struct metric *faults;
	struct results r;

	(void)state;
	assert_true(load_text(&r,
			      RUN("a", 0, 0, POINT0, OK("10,20") COUNTERS(FAULTS(8, 100, 50)))
				      RUN("a", 0, 1, POINT0,
					  OK("10,20") COUNTERS(REFUSED "," FAULTS(24, 100, 100)))
					      RUN("b", 0, 0, POINT0, OK("1"))));
	cell = results_cell(&r, 0, 0);
	faults = metrics_find(&r.metrics, "page-faults");
	assert_non_null(faults);
	assert_float_equal(run_value(&cell->runs[0], faults), 8, NEAR);
	assert_float_equal(run_value(&cell->runs[1], faults), 12, NEAR);
	assert_float_equal(cell_mean(cell, faults), 10, NEAR);
	assert_float_equal(cell_counter(cell, faults)->enabled, 200, NEAR);
	assert_float_equal(cell_counter(cell, faults)->running, 150, NEAR);
	assert_null(cell_counter(cell, faults)->refused);
	assert_true(isnan(mean_of(&r, cell, "cycles:k")));
	assert_string_equal(cell_counter(cell, metrics_find(&r.metrics, "cycles:k"))->refused,
			    "no PMU");
	assert_true(isnan(cell_mean(results_cell(&r, 1, 0), faults)));
	assert_null(cell_counter(results_cell(&r, 1, 0), faults));
	results_free(&r);
}

/* What was counted of user space alone is not compared with what was counted of all. */
static void test_user_mode(void **state)
{
	const struct metric *all, *user;
	struct results r;

	(void)state;
	assert_true(load_text(&r, RUN("a", 0, 0, POINT0, OK("10") COUNTERS(FAULTS(8, 9, 9))) RUN(
					  "b", 0, 0, POINT0,
					  OK("10") COUNTERS("\"page-faults\":{\"value\":5,"
							    "\"running\":9,\"mode\":\"user\"}"))));
	all = metrics_find(&r.metrics, "page-faults");
	user = metrics_find(&r.metrics, "page-faults:u");
	assert_float_equal(cell_mean(results_cell(&r, 0, 0), all), 8, NEAR);
	assert_true(isnan(cell_mean(results_cell(&r, 1, 0), all)));
	assert_true(isnan(cell_mean(results_cell(&r, 0, 0), user)));
	assert_float_equal(cell_mean(results_cell(&r, 1, 0), user), 5, NEAR);
	results_free(&r);
}

/* What a run does not name did not move, if it names anything. */
static void test_vmstat(void **state)
{
	const struct result_cell *cell;
	struct results r;

	(void)state;
	assert_true(load_text(&r, RUN("a", 0, 0, POINT0, OK("10") ",\"vmstat\":{}")
					  RUN("a", 0, 1, POINT0,
					      OK("10,20") ",\"vmstat\":{\"pgfault\":12}")
						  RUN("b", 0, 0, POINT0, OK("1"))));
	cell = results_cell(&r, 0, 0);
	assert_float_equal(mean_of(&r, cell, "vmstat:pgfault"), 3, NEAR);
	assert_true(isnan(mean_of(&r, results_cell(&r, 1, 0), "vmstat:pgfault")));
	results_free(&r);
}

/* A journal may be anybody's: what cannot be a name is none, and none has two meanings. */
static void test_metric_names(void **state)
{
	struct results r;

	(void)state;
	assert_true(load_text(&r, RUN("a", 0, 0, POINT0,
				      OK("10") COUNTERS("\"time\":{\"value\":1,\"running\":1},"
							"\"a b\":{\"value\":1,\"running\":1},"
							"\"a/b,c/k\":{\"value\":1,\"running\":1},"
							"\"a/b/,c\":{\"value\":1,\"running\":1},"
							"\"*\":{\"value\":1,\"running\":1}"))));
	assert_float_equal(mean_of_op(&r, 0, 0), 10, NEAR);
	assert_null(metrics_find(&r.metrics, "a b"));
	assert_float_equal(mean_of(&r, results_cell(&r, 0, 0), "*"), 1, NEAR);
	assert_int_equal(r.warnings.nr, 1);
	assert_non_null(metrics_find(&r.metrics, "a/b,c/k"));
	assert_null(metrics_find(&r.metrics, "a/b/,c"));
	assert_non_null(strstr(r.warnings.text[0], "3 values are left out"));
	results_free(&r);
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

/* What the second run of a counted cell warns of, if its ops are these. */
static void check_repeats(const char *first, const char *samples, const char *wanted)
{
	const struct result_cell *cell;
	struct results r;
	char *text;

	assert_true(asprintf(&text,
			     PLAN("") RUN("k", 0, 0, POINT0, EXACT("%s"))
				     RUN("k", 1, 0, POINT0,
					 "\"status\":\"ok\",\"source\":\"exact\",\"samples\":[%s]"),
			     first, samples) > 0);
	assert_true(load_text(&r, text));
	cell = results_cell(&r, 0, 0);
	assert_int_equal(cell->warnings.nr, !!wanted);
	if (wanted)
		assert_string_equal(cell->warnings.text[0], wanted);
	results_free(&r);
	free(text);
}

static void test_repeats(void **state)
{
	(void)state;
	check_repeats("1000,990,980", "1000,990,980",
		      "counts do not repeat within a run: its ops differ by 2.02% of the mean, and "
		      "fall from each to the next (drift)");
	check_repeats("980,990,1000", "1000,1005,1010",
		      "counts do not repeat within a run: its ops differ by 1.51% of the mean, and "
		      "rise from each to the next (drift)");
	/* Any two do. */
	check_repeats("980,1000", "1000,1010",
		      "counts do not repeat within a run: its ops differ by 1.51% of the mean");
	/* One of the two does not. */
	check_repeats("1000,990,980", "1000,1000,1000",
		      "counts do not repeat within a run: its ops differ by 1.01% of the mean");
	check_repeats("1000,990,980", "1000,990,990",
		      "counts do not repeat within a run: its ops differ by 1.51% of the mean");
	/* One op has nothing to differ from. */
	check_repeats("1000", "2000", NULL);
	check_repeats("10000,10001,10002", "10000,10049,10000", NULL);
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

#define GIVEN(kernel, run, kinds)   \
	RUN(kernel, 0, run, POINT9, \
	    OK("1,2") ",\"state\":{\"before\":{},\"after\":{},\"given\":{" kinds "}}")

/* What the kernel gave differs, in another kernel or in a later run: that is said, and nothing is
 * void. */
static void test_given(void **state)
{
	static const char large[] = "\"order-4 PTE\":8192", small[] = "\"order-0 PTE\":8192";
	struct results r;
	char *text;

	(void)state;
	assert_true(asprintf(&text,
			     PLAN("") GIVEN("a", 0, "%s") GIVEN("b", 0, "%s") GIVEN("b", 1, "%s")
				     GIVEN("c", 0, "%s"),
			     large, large, small, large) > 0);
	assert_true(load_text(&r, text));
	assert_int_equal(results_cell(&r, 0, 0)->warnings.nr, 0);
	assert_int_equal(results_cell(&r, 2, 0)->warnings.nr, 0);
	assert_int_equal(results_cell(&r, 1, 0)->warnings.nr, 1);
	assert_string_equal(
		results_cell(&r, 1, 0)->warnings.text[0],
		"the kernel gave other folios: order-0 PTE (boot 0, run 1), and a (boot "
		"0, run 0) order-4 PTE");
	assert_int_equal(results_cell(&r, 1, 0)->nr_ok, 2);
	results_free(&r);
	free(text);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares),	     cmocka_unit_test(test_given),
		cmocka_unit_test(test_mm_symbols),   cmocka_unit_test(test_load),
		cmocka_unit_test(test_boots),	     cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_trouble),	     cmocka_unit_test(test_counters),
		cmocka_unit_test(test_user_mode),    cmocka_unit_test(test_vmstat),
		cmocka_unit_test(test_metric_names), cmocka_unit_test(test_cut_line),
		cmocka_unit_test(test_refused),	     cmocka_unit_test(test_titles),
		cmocka_unit_test(test_param_names),  cmocka_unit_test(test_repeats),
	};

	if (chdir(argc > 1 ? argv[1] : "tests/golden")) {
		perror(argc > 1 ? argv[1] : "tests/golden");
		return 2;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
