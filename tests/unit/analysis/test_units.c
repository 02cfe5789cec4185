// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Units of inference, and the folio states of runs, which are looked at in no more than linear
 * time.
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
#include <gsl/gsl_rng.h>

#include "analysis/compare/units.h"
#include "analysis/results/folio_state.h"
#include "tests/unit/between.h"

#define NEAR 1e-9

struct number {
	int boot, run, ns;
};

/* Results of a journal with these runs; the caller frees. */
static void load(struct results *ret, const struct number *runs, size_t nr)
{
	char path[] = "/tmp/test_units-XXXXXX", *paths[] = {path};
	FILE *out = fdopen(mkstemp(path), "w");
	size_t i;

	assert_non_null(out);
	for (i = 0; i < nr; i++)
		fprintf(out,
			"{\"type\":\"run\",\"kernel\":\"a\",\"boot\":%d,\"run\":%d,\"point\":{"
			"\"bench\":"
			"\"fork\",\"variant\":\"fork\"},\"status\":\"ok\",\"unit\":\"ns\","
			"\"source\":"
			"\"timed\",\"samples\":[%d]}\n",
			runs[i].boot, runs[i].run, runs[i].ns);
	assert_int_equal(fclose(out), 0);
	assert_true(results_load(ret, paths, 1));
	unlink(path);
}

/* Runs that come in another order are the same results, and are told apart. */
static void test_out_of_order(void **state)
{
	static const struct number runs[] = {
		{2, 0, 30}, {0, 1, 12}, {1, 0, 20}, {0, 0, 10}, {0, 1, 99}};
	const struct result_cell *cell;
	struct results results;
	struct unit units[4];
	struct sequence s;

	(void)state;
	load(&results, runs, 5);
	assert_int_equal(results_cell(&results, 0, 0)->nr, 4);
	assert_int_equal(results.warnings.nr, 1);
	cell = results_cell(&results, 0, 0);
	sequence_of(&s, cell);
	assert_int_equal(s.boots, 3);
	assert_int_equal(sequence_units(&s, cell_op(cell), true, units), 3);
	assert_int_equal(units[0].boot, 0);
	assert_float_equal(units[0].value, 11, NEAR);
	assert_float_equal(units[2].value, 30, NEAR);
	assert_int_equal(sequence_units(&s, cell_op(cell), false, units), 4);
	assert_float_equal(units[1].value, 12, NEAR);
	sequence_free(&s);
	results_free(&results);
}

/* A role that got nothing done has a rate, but none that a ratio can be made of. */
static void test_units_judged(void **state)
{
	double values[] = {0, 4, 0, NAN};
	struct result_run runs[] = {{.boot = 0, .value = &values[0], .nr_values = 1},
				    {.boot = 0, .run = 1, .value = &values[1], .nr_values = 1},
				    {.boot = 1, .value = &values[2], .nr_values = 1},
				    {.boot = 2, .value = &values[3], .nr_values = 1}};
	struct result_cell cell = {.runs = runs, .nr = 4, .nr_ok = 4};
	const struct metric rate = {.name = "writers.rate"};
	struct unit units[4];
	struct sequence s;

	(void)state;
	sequence_of(&s, &cell);
	assert_int_equal(sequence_units(&s, &rate, true, units), 2);
	assert_int_equal(sequence_units_had(&s, &rate, true, units), 1);
	assert_float_equal(units[0].value, 2, NEAR);
	assert_int_equal(sequence_units_had(&s, &rate, false, units), 1);
	sequence_free(&s);
}

/* A state that is mostly of one kind, and whose shares are near what counts. */
static json_t *some_state(gsl_rng *rng)
{
	static const char *const kinds[] = {"order-9 PMD", "order-9 PTE", "small PTE", "small zero",
					    "PMD"};
	json_t *state = json_pack("{s:{},s:{}}", "before", "after"), *shares;
	const char *moment;
	size_t nr;

	json_object_foreach(state, moment, shares) {
		json_object_set_new(shares, kinds[gsl_rng_uniform_int(rng, 20) ? 0 : 4],
				    json_integer(100));
		for (nr = gsl_rng_uniform_int(rng, 3); nr; nr--)
			json_object_set_new(shares, kinds[1 + gsl_rng_uniform_int(rng, 4)],
					    json_integer((long)gsl_rng_uniform_int(rng, 6)));
	}
	return state;
}

#define STATE_RUNS 6

/* Two kernels with runs of one point, as results_load() makes them. */
struct two_kernels {
	struct result_run runs[2][STATE_RUNS];
	struct result_cell cell[2], *at[2];
	struct result_kernel kernel[2];
	struct results r;
};

static void draw_states(struct two_kernels *t, gsl_rng *rng)
{
	json_t *state, *last;
	size_t k, i;

	*t = (struct two_kernels){.kernel = {{.label = "a"}, {.label = "b"}}};
	t->r = (struct results){
		.kernels = t->kernel, .nr_kernels = 2, .nr_points = 1, .states = json_object()};
	for (k = 0; k < 2; k++) {
		t->cell[k] = (struct result_cell){
			.runs = t->runs[k], .nr = STATE_RUNS, .nr_ok = STATE_RUNS};
		t->at[k] = &t->cell[k];
		t->kernel[k].cells = &t->at[k];
		t->kernel[k].nr_cells = 1;
		for (i = 0, last = NULL; i < STATE_RUNS; i++) {
			state = some_state(rng);
			last = states_share(t->r.states, last, state);
			t->runs[k][i] = (struct result_run){.run = (int)i, .state = last};
			json_decref(state);
		}
	}
}

static void drop_states(struct two_kernels *t)
{
	size_t k, i;

	for (k = 0; k < 2; k++) {
		free(t->cell[k].differs);
		for (i = 0; i < STATE_RUNS; i++)
			json_decref(t->runs[k][i].state);
	}
	json_decref(t->r.states);
}

/* Which runs contradict each other first, as text; run by run. NULL: none does. */
static char *by_hand(const struct two_kernels *t)
{
	char *text = NULL;
	size_t i, k;

	for (i = 0; i < STATE_RUNS; i++)
		for (k = 0; k < STATE_RUNS; k++)
			if (!text && states_differ(t->runs[0][i].state, t->runs[1][k].state))
				assert_true(asprintf(&text, "run %zu run %zu", i, k) > 0);
	return text;
}

/* The runs that a void cell names. */
static char *named(const char *differs)
{
	const char *b = strstr(differs, ", b (boot 0, run ");
	size_t run[2];
	char *text;

	assert_non_null(b);
	assert_int_equal(sscanf(differs, "the folio state differs %*s the op: a (boot 0, run %zu",
				&run[0]),
			 1);
	assert_int_equal(sscanf(b, ", b (boot 0, run %zu", &run[1]), 1);
	assert_true(asprintf(&text, "run %zu run %zu", run[0], run[1]) > 0);
	return text;
}

/* All distinct states taken together void the same points, and name the same runs. */
static void test_states_together(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	size_t trial, voided = 0;
	struct two_kernels t;
	char *wanted, *seen;

	(void)state;
	for (trial = 0; trial < 2000; trial++) {
		draw_states(&t, rng);
		wanted = by_hand(&t);
		states_void(&t.r);
		assert_true((wanted != NULL) == (t.cell[0].differs != NULL));
		assert_int_equal(t.cell[1].nr_ok, wanted ? 0 : STATE_RUNS);
		voided += wanted != NULL;
		seen = wanted ? named(t.cell[0].differs) : NULL;
		if (wanted)
			assert_string_equal(seen, wanted);
		free(seen);
		free(wanted);
		drop_states(&t);
	}
	assert_between(voided, 200, 1800);
	gsl_rng_free(rng);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_out_of_order),
		cmocka_unit_test(test_units_judged),
		cmocka_unit_test(test_states_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
