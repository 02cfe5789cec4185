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
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "analysis/compare/pairs.h"
#include "analysis/compare/units.h"
#include "analysis/results/folio_state.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/mm_symbols.h"
#include "analysis/results/point_names.h"
#include "analysis/results/results.h"
#include "analysis/stats/summary.h"
#include "analysis/tables/absolute.h"
#include "analysis/tables/functions.h"
#include "analysis/text/numbers.h"
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
	assert_float_equal(stats_hmean(two, 2), 1.5, NEAR);
	assert_float_equal(stats_hmean(values, 1), 2, NEAR);
	assert_true(isnan(stats_hmean(two, 0)));
	unsorted[0] = 0;
	assert_true(isnan(stats_hmean(unsorted, 3)));
}

/* How often of 2000 times Welch's test at 5 % finds a difference of so many stdevs, n = 4 and 6. */
static double welch_finds(double difference)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double a[4], b[6], found = 0;
	unsigned int i, k;

	for (i = 0; i < 2000; i++) {
		for (k = 0; k < 4; k++)
			a[k] = 100 + gsl_ran_gaussian(rng, 1);
		for (k = 0; k < 6; k++)
			b[k] = 100 + difference + gsl_ran_gaussian(rng, 3);
		found += stats_welch((struct stats_group){stats_mean(a, 4), stats_sd(a, 4), 4},
				     (struct stats_group){stats_mean(b, 6), stats_sd(b, 6), 6},
				     0.05);
	}
	gsl_rng_free(rng);
	return found / 2000;
}

static void test_welch(void **state)
{
	const struct stats_group a = {20.8, 2.81, 15}, b = {23.0, 1.95, 15}; /* p = 0.02 */
	const struct stats_group one = {1, NAN, 1}, flat = {1, 0, 5}, other = {2, 0, 5};

	(void)state;
	assert_true(stats_welch(a, b, 0.05) && stats_welch(b, a, 0.05));
	assert_false(stats_welch(a, b, 0.01));
	assert_false(stats_welch(one, b, 0.05));
	assert_false(stats_welch(flat, other, 0.05));
	assert_true(welch_finds(0) > 0.03 && welch_finds(0) < 0.07);
	assert_true(welch_finds(10) > 0.99);
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

#define PLAN(points) "{\"type\":\"plan\",\"schema\":1,\"points\":[" points "]}\n"
#define POINT0	     "{\"bench\":\"fork\",\"variant\":\"fork\",\"order\":0}"
#define POINT0_AGAIN "{\"order\":0,\"variant\":\"fork\",\"bench\":\"fork\"}"
#define POINT9	     "{\"bench\":\"fork\",\"variant\":\"fork\",\"order\":9}"
#define RUN(kernel, boot, run, point, more)                                            \
	"{\"type\":\"run\",\"kernel\":\"" kernel "\",\"boot\":" #boot ",\"run\":" #run \
	",\"point\":" point ",\"unit\":\"ns\"," more "}\n"
#define OK(samples)	  "\"status\":\"ok\",\"source\":\"timed\",\"samples\":[" samples "]"
#define EMULATED(samples) "\"status\":\"ok\",\"source\":\"emulated\",\"samples\":[" samples "]"
#define EXACT(samples)	  "\"status\":\"ok\",\"source\":\"exact\",\"samples\":[" samples "]"
#define SKIPPED		  "\"status\":\"skipped\",\"reason\":\"needs root\",\"samples\":[]"
#define VOID(samples)                             \
	"\"status\":\"void\",\"reason\":\"wrong " \
	"order\",\"source\":\"timed\",\"samples\":[" samples "]"

static double mean_of_op(const struct results *r, size_t kernel, size_t point)
{
	const struct result_cell *cell = results_cell(r, kernel, point);

	return cell_mean(cell, cell_op(cell));
}

static double mean_of(const struct results *r, const struct result_cell *cell, const char *metric)
{
	return cell_mean(cell, metrics_find(&r->metrics, metric));
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
							"\"*\":{\"value\":1,\"running\":1}"))));
	assert_float_equal(mean_of_op(&r, 0, 0), 10, NEAR);
	assert_null(metrics_find(&r.metrics, "a b"));
	assert_float_equal(mean_of(&r, results_cell(&r, 0, 0), "*"), 1, NEAR);
	assert_int_equal(r.warnings.nr, 1);
	assert_non_null(strstr(r.warnings.text[0], "2 values are left out"));
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

/* When two states given as text contradict each other, either way round; "" if they do not. */
static const char *differ(const char *a, const char *b)
{
	json_t *x = json_loads(a, 0, NULL), *y = json_loads(b, 0, NULL);
	const char *when = states_differ(x, y), *back = states_differ(y, x);

	assert_true(a[0] == '-' || x);
	assert_true(b[0] == '-' || y);
	assert_ptr_equal(when, back);
	json_decref(x);
	json_decref(y);
	return when ? when : "";
}

static void test_states(void **state)
{
	json_t *kinds = json_pack("{s:i,s:i}", "order-0 PTE", 300, "order-9 PMD", 100);
	json_t *none = json_object();
	char *text;

	(void)state;
	/* Orders, mappings, zero pages; before and after. */
	assert_string_equal(differ("{\"before\":{\"order-4 PTE\":64}}",
				   "{\"before\":{\"order-4 PTE\":128}}"),
			    "");
	assert_string_equal(differ("{\"before\":{\"order-4 PTE\":64}}",
				   "{\"before\":{\"order-5 PTE\":64}}"),
			    "before");
	assert_string_equal(differ("{\"after\":{\"order-9 PTE\":64}}",
				   "{\"after\":{\"order-9 PMD\":64}}"),
			    "after");
	assert_string_equal(differ("{\"after\":{\"small zero\":64}}",
				   "{\"after\":{\"huge zero\":64}}"),
			    "after");
	/* smaps alone is held against the mappings. */
	assert_string_equal(differ("{\"after\":{\"order-4 PTE\":64}}", "{\"after\":{\"PTE\":64}}"),
			    "");
	assert_string_equal(differ("{\"after\":{\"torn PTE\":64}}", "{\"after\":{\"PTE\":64}}"),
			    "");
	assert_string_equal(differ("{\"after\":{\"huge zero\":64}}", "{\"after\":{\"zero\":64}}"),
			    "");
	assert_string_equal(differ("{\"after\":{\"order-9 PMD\":64}}", "{\"after\":{\"PTE\":64}}"),
			    "after");
	assert_string_equal(differ("{\"after\":{\"PMD\":64}}", "{\"after\":{\"PTE\":64}}"),
			    "after");
	/* Shares, of whatever is there: 1/16 more is the same still. */
	assert_string_equal(
		differ("{\"after\":{\"PTE\":16}}", "{\"after\":{\"PTE\":15,\"PMD\":1}}"), "");
	assert_string_equal(
		differ("{\"after\":{\"PTE\":16}}", "{\"after\":{\"PTE\":14,\"PMD\":2}}"), "after");
	/* What is not known, or not there, says nothing. */
	assert_string_equal(differ("-", "{\"after\":{\"PTE\":16}}"), "");
	assert_string_equal(differ("{\"after\":{}}", "{\"after\":{\"PTE\":16}}"), "");
	assert_string_equal(differ("{\"before\":{\"PTE\":16}}", "{\"after\":{\"PMD\":16}}"), "");
	text = states_text(kinds);
	assert_string_equal(text, "75% order-0 PTE, 25% order-9 PMD");
	free(text);
	text = states_text(none);
	assert_string_equal(text, "nothing");
	free(text);
	json_decref(kinds);
	json_decref(none);
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
	static char *const journals[] = {"fork.jsonl",	 "storms.jsonl",  "contend.jsonl",
					 "one.jsonl",	 "boots-a.jsonl", "boots-b.jsonl",
					 "states.jsonl", "path.jsonl"};

	(void)state;
	check_table(&journals[0], 1, "absolute-fork.txt");
	check_table(&journals[1], 1, "absolute-storms.txt");
	check_table(&journals[2], 1, "absolute-contend.txt");
	check_table(&journals[3], 1, "absolute-one.txt");
	check_table(&journals[4], 2, "absolute-boots.txt");
	check_table(&journals[6], 1, "absolute-states.txt");
	check_table(&journals[7], 1, "absolute-path.txt");
}

static void test_paired(void **state)
{
	const double base[] = {1, 2, 3}, other[] = {2, 4, 6};
	struct stats_paired p = stats_paired(base, other, 3, 0.99);

	(void)state;
	assert_float_equal(p.mean, 2, NEAR);
	assert_float_equal(p.sd, 1, NEAR);
	assert_float_equal(p.half, 9.92484320 / sqrt(3), 1e-6); /* t(0.995, 2), tables */
	p = stats_paired(base, other, 1, 0.99);
	assert_float_equal(p.mean, 1, NEAR);
	assert_true(isnan(p.sd) && isnan(p.half));
	assert_true(isnan(stats_paired(base, other, 0, 0.99).mean));
}

#define BOOTS 5

/*
 * The verdict on a kernel with so much more than another, where perturbations move both by 2 %
 * together, and each difference by noise.
 */
static enum outcome judge(gsl_rng *rng, double more, double noise)
{
	double base[BOOTS], other[BOOTS];
	struct difference d;
	unsigned int i;

	for (i = 0; i < BOOTS; i++) {
		base[i] = 6.9e6 * (1 + gsl_ran_gaussian(rng, 0.02));
		other[i] = base[i] * (1 + more + gsl_ran_gaussian(rng, noise));
	}
	pair_judge(base, other, BOOTS, &d);
	return d.outcome;
}

/* A difference of 0.1 % is found each time, and none is found in none. */
static void test_verdicts(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned int i, wrong = 0;

	(void)state;
	for (i = 0; i < 20; i++) {
		assert_int_equal(judge(rng, 0.001, 0.0002), OUTCOME_MORE);
		assert_int_equal(judge(rng, -0.001, 0.0002), OUTCOME_LESS);
		assert_int_equal(judge(rng, 0, 0), OUTCOME_SAME);
		assert_int_equal(judge(rng, 0.00015, 0), OUTCOME_SAME); /* below the resolution */
	}
	/* Noise alone gets a verdict as seldom as 99 % promises, and not much more seldom. */
	for (i = 0; i < 20000; i++)
		wrong += judge(rng, 0, 0.01) != OUTCOME_SAME;
	assert_in_range(wrong, 140, 260);
	gsl_rng_free(rng);
}

static void test_judge_edges(void **state)
{
	const double none[] = {0, 0}, some[] = {4, 4};
	struct difference d;

	(void)state;
	pair_judge(none, some, 2, &d);
	assert_int_equal(d.outcome, OUTCOME_MORE);
	assert_true(isinf(d.change));
	pair_judge(some, none, 2, &d);
	assert_int_equal(d.outcome, OUTCOME_LESS);
	assert_float_equal(d.change, -1, NEAR);
	pair_judge(none, none, 2, &d);
	assert_int_equal(d.outcome, OUTCOME_SAME);
	assert_float_equal(d.change, 0, NEAR);
	pair_judge(some, none, 1, &d);
	assert_int_equal(d.outcome, OUTCOME_ONE_BOOT);
	assert_true(isnan(d.change_sd));
}

#define PAIRED                               \
	RUN("a", 0, 0, POINT0, EXACT("999")) \
	RUN("a", 1, 0, POINT0, EXACT("100")) \
	RUN("a", 2, 0, POINT0, EXACT("200")) \
	RUN("b", 3, 0, POINT0, EXACT("5"))   \
	RUN("b", 2, 0, POINT0, EXACT("210")) \
	RUN("b", 1, 0, POINT0, EXACT("110")) RUN("b", 0, 0, POINT0, VOID("1"))

/* Boots are paired by their number, whatever their order; those of one side only are not in. */
static void test_pairs(void **state)
{
	const struct result_cell *a, *b;
	struct results results;
	struct difference d;
	struct pair pair;
	char *lone;

	(void)state;
	assert_true(load_text(&results, PAIRED));
	a = results_cell(&results, 0, 0);
	b = results_cell(&results, 1, 0);
	pair_cells(&pair, a, b);
	assert_true(pair.paired);
	pair_difference(&pair, a->op, &d);
	assert_float_equal(d.mean[0], 150, NEAR);
	assert_float_equal(d.mean[1], 160, NEAR);
	assert_float_equal(d.change, 10.0 / 150, NEAR);
	assert_float_equal(d.change_sd, 0, NEAR);
	assert_int_equal(d.outcome, OUTCOME_MORE);
	pair_difference(&pair, metrics_find(&results.metrics, "TLB-invalidations"), &d);
	assert_true(isnan(d.mean[0]));
	assert_int_equal(d.outcome, OUTCOME_NOT_PAIRED);
	lone = pair_lone(a, b);
	assert_string_equal(lone, "0");
	free(lone);
	lone = pair_lone(b, a);
	assert_string_equal(lone, "3");
	free(lone);
	pair_free(&pair);
	pair_cells(&pair, a, NULL);
	pair_difference(&pair, a->op, &d);
	assert_float_equal(d.mean[0], 433, NEAR);
	assert_int_equal(d.outcome, OUTCOME_NOT_PAIRED);
	pair_free(&pair);
	results_free(&results);
}

static void test_figures(void **state)
{
	char *journals[] = {"exact-alone.jsonl"};
	const struct result_cell *cell;
	struct results results;

	(void)state;
	assert_true(results_load(&results, journals, 1));
	cell = results_cell(&results, 0, 0);
	assert_float_equal(cell_mean(cell, cell->op), 8804294, NEAR);
	assert_float_equal(mean_of(&results, cell, "barriers"), 6, NEAR);
	assert_float_equal(mean_of(&results, cell, "TLB-invalidations"), 4, NEAR);
	assert_float_equal(mean_of(&results, cell, "user-insns"), 123, NEAR);
	results_free(&results);
}

/* The whole number that ends where the head of its column does; 0 for "-". */
static long long number_at(const char *line, size_t end)
{
	long long value = 0, scale = 1;
	size_t i = end;

	for (; i > 0 && line[i - 1] != ' '; i--) {
		if (line[i - 1] == '-' && scale > 1)
			return -value;
		if (line[i - 1] >= '0' && line[i - 1] <= '9') {
			value += (line[i - 1] - '0') * scale;
			scale *= 10;
		}
	}
	return value;
}

/* Adds up the columns of a printed table, which are base, other and difference. */
static void check_sums(char *text, const double total[2])
{
	static const char *const heads[] = {" baseline", " other-one", " difference"};
	char *line = strtok(text, "\n");
	long long sum[3] = {0}, is;
	size_t end[3], i;

	for (i = 0; i < 3; i++)
		end[i] = (size_t)(strstr(line, heads[i]) - line) + strlen(heads[i]);
	for (strtok(NULL, "\n"); (line = strtok(NULL, "\n")) && strncmp(line, "total", 5);)
		for (i = 0; i < 3; i++)
			sum[i] += number_at(line, end[i]);
	assert_non_null(line);
	for (i = 0; i < 3; i++) {
		is = number_at(line, end[i]);
		assert_int_equal(is, sum[i]);
		assert_int_equal(is,
				 i < 2 ? llround(total[i]) : llround(total[1]) - llround(total[0]));
	}
	assert_null(strtok(NULL, "\n")); /* nothing is in no function */
}

static void check_functions(const struct results *r, size_t other, size_t point, size_t most)
{
	static const char *const label[2] = {"baseline", "other-one"};
	struct functions f = {0};
	char *text = NULL;
	double total[2];
	struct pair pair;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	pair_cells(&pair, results_cell(r, 0, point), results_cell(r, other, point));
	for (i = 0; i < 2; i++) {
		assert_true(functions_add_cell(&f, (unsigned int)i, &pair.cell[i]));
		total[i] = cell_mean(&pair.cell[i], pair.cell[i].op);
	}
	functions_print(out, &f, label, total, most, 0);
	fclose(out);
	check_sums(text, total);
	functions_free(&f);
	pair_free(&pair);
	free(text);
}

#define FUNCTIONS(f, g) ",\"functions\":{\"f\":{\"insn\":" #f "},\"g\":{\"insn\":" #g "}}"

/* Runs of a boot weigh the same, and boots do, however many runs or iterations they have. */
static void test_weights(void **state)
{
	const struct result_cell *cell;
	struct functions f = {0};
	struct results results;

	(void)state;
	assert_true(load_text(&results, RUN("a", 0, 0, POINT0, EXACT("10,20") FUNCTIONS(12, 18))
						RUN("a", 0, 1, POINT0, EXACT("30") FUNCTIONS(29, 1))
							RUN("a", 1, 0, POINT0,
							    EXACT("50") FUNCTIONS(7, 43))));
	cell = results_cell(&results, 0, 0);
	assert_true(functions_add_cell(&f, 0, cell));
	assert_float_equal(f.list[0].insn[0], ((12.0 / 2 + 29) / 2 + 7) / 2, NEAR);
	assert_float_equal(f.list[0].insn[0] + f.list[1].insn[0], cell_mean(cell, cell->op), NEAR);
	functions_free(&f);
	results_free(&results);
}

/* However many are listed, functions add up to the op's instructions, in each column. */
static void test_functions(void **state)
{
	char *journals[] = {"exact.jsonl"};
	struct results results;
	size_t most;

	(void)state;
	assert_true(results_load(&results, journals, 1));
	for (most = 1; most < 12; most++) {
		check_functions(&results, 1, 0, most);
		check_functions(&results, 1, 1, most);
		check_functions(&results, 2, 1, most);
	}
	results_free(&results);
}

static void check_count(double count, const char *wanted)
{
	char text[NUMBER_TEXT];

	assert_string_equal(number_count(count, text), wanted);
}

static void test_numbers(void **state)
{
	char text[NUMBER_TEXT];

	(void)state;
	check_count(0, "0");
	check_count(145, "145");
	check_count(6.5, "6.50");
	check_count(145.3333, "145.3");
	check_count(9999.4, "9999");
	check_count(9999.6, "10.00k");
	check_count(999949, "999.9k");
	check_count(999951, "1.000M");
	check_count(6897499.6, number_count(6897500, text)); /* as a total says it */
	check_count(1e300, number_count(1e300, text));
	check_count(NAN, "-");
	assert_string_equal(number_grouped(6897459, false, text), "6,897,459");
	assert_string_equal(number_grouped(-999, true, text), "-999");
	assert_string_equal(number_grouped(1000, true, text), "+1,000");
	assert_string_equal(number_grouped(0, true, text), "0");
	assert_string_equal(number_percent(-0.00004, true, text), "0.00%");
	assert_string_equal(number_percent(0.57257, true, text), "+57.26%");
	assert_string_equal(number_percent(0.2887, false, text), "28.9%");
	assert_string_equal(number_percent(NAN, false, text), "-");
	assert_string_equal(number_fixed(-0.0004, 1, true, text), "0.0%");
	assert_string_equal(number_fixed(-0.0006, 1, true, text), "-0.1%");
	assert_string_equal(number_fixed(0.0126, 2, true, text), "+1.26%");
	assert_string_equal(number_fixed(19.487, 1, false, text), "1948.7%");
	assert_string_equal(number_fixed(INFINITY, 1, false, text), "-");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stats),	     cmocka_unit_test(test_stats_properties),
		cmocka_unit_test(test_load),	     cmocka_unit_test(test_boots),
		cmocka_unit_test(test_duplicates),   cmocka_unit_test(test_trouble),
		cmocka_unit_test(test_counters),     cmocka_unit_test(test_vmstat),
		cmocka_unit_test(test_metric_names), cmocka_unit_test(test_cut_line),
		cmocka_unit_test(test_refused),	     cmocka_unit_test(test_titles),
		cmocka_unit_test(test_param_names),  cmocka_unit_test(test_tables),
		cmocka_unit_test(test_paired),	     cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_judge_edges),  cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_shares),	     cmocka_unit_test(test_mm_symbols),
		cmocka_unit_test(test_figures),	     cmocka_unit_test(test_functions),
		cmocka_unit_test(test_weights),	     cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_welch),	     cmocka_unit_test(test_states),
	};

	if (chdir(argc > 1 ? argv[1] : "tests/golden")) {
		perror(argc > 1 ? argv[1] : "tests/golden");
		return 2;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
