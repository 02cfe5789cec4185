// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is compared, and the tables of absolute numbers. Run in the source tree, or with the path of
 * tests/golden as the first word.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>

#include "analysis/compare/pairs.h"
#include "analysis/compare/units.h"
#include "analysis/results/folio_state.h"
#include "analysis/stats/summary.h"
#include "analysis/tables/absolute.h"
#include "analysis/tables/functions.h"
#include "common/io.h"
#include "tests/unit/analysis/journal_text.h"
#include "tests/unit/between.h"

#define NEAR 1e-9

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
	static char *const journals[] = {"fork.jsonl",	    "storms.jsonl",   "contend.jsonl",
					 "one.jsonl",	    "boots-a.jsonl",  "boots-b.jsonl",
					 "states.jsonl",    "path.jsonl",     "throughput.jsonl",
					 "processes.jsonl", "shootdown.jsonl"};

	(void)state;
	check_table(&journals[0], 1, "absolute-fork.txt");
	check_table(&journals[1], 1, "absolute-storms.txt");
	check_table(&journals[2], 1, "absolute-contend.txt");
	check_table(&journals[3], 1, "absolute-one.txt");
	check_table(&journals[4], 2, "absolute-boots.txt");
	check_table(&journals[6], 1, "absolute-states.txt");
	check_table(&journals[7], 1, "absolute-path.txt");
	check_table(&journals[8], 1, "absolute-throughput.txt");
	check_table(&journals[9], 1, "absolute-processes.txt");
	check_table(&journals[10], 1, "absolute-shootdown.txt");
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
		wrong += judge(rng, 0, 0.01) != OUTCOME_OPEN;
	assert_between(wrong, 140, 260);
	gsl_rng_free(rng);
}

/* Where a count varies from boot to boot a mark takes 5 boots; where it does not, 2. */
static void test_judge_modes(void **state)
{
	const double low[] = {100, 101, 100, 101, 100}, high[] = {110, 111, 110, 111, 110};
	const double flat[] = {100, 100, 100, 100, 100}, raised[] = {110, 110, 110, 110, 110};
	struct difference d;
	size_t n;

	(void)state;
	for (n = 2; n <= 5; n++) {
		pair_judge(low, high, n, &d);
		assert_int_equal(d.outcome, n < PAIRS_VARY ? OUTCOME_OPEN : OUTCOME_MORE);
		pair_judge(flat, raised, n, &d);
		assert_int_equal(d.outcome, OUTCOME_MORE);
		pair_judge(low, low, n, &d);
		assert_int_equal(d.outcome, OUTCOME_SAME);
	}
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
	assert_int_equal(d.outcome, OUTCOME_OPEN);
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
	assert_float_equal(f.list[0].part[0], ((12.0 / 2 + 29) / 2 + 7) / 2, NEAR);
	assert_float_equal(f.list[0].part[0] + f.list[1].part[0], cell_mean(cell, cell->op), NEAR);
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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),	    cmocka_unit_test(test_tables),
		cmocka_unit_test(test_paired),	    cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_judge_edges), cmocka_unit_test(test_judge_modes),
		cmocka_unit_test(test_pairs),	    cmocka_unit_test(test_figures),
		cmocka_unit_test(test_weights),	    cmocka_unit_test(test_functions),
	};

	if (chdir(argc > 1 ? argv[1] : "tests/golden")) {
		perror(argc > 1 ? argv[1] : "tests/golden");
		return 2;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
