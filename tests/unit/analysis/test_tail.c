// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Few runs or boots that are far slower, in simulated sessions whose truth is known.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/compare/verdict.h"
#include "tests/tools/made.h"
#include "tests/unit/analysis/session.h"
#include "tests/unit/between.h"

#define SESSIONS 150
#define OVER	 1.5 /* the true change, in thresholds */

/* In how many of the sessions a change of OVER thresholds is ok, though something slow was seen. */
static int missed(const struct noise *noise, int boots)
{
	double effect = noise->mode_after ? 0 : 0.03, truth = simulate_truth(noise, effect) - 1;
	struct session x = session_new(boots, 11);
	struct check check;
	struct made m;
	int n, nr = 0;

	made_init(&m, 1, &x.s->design);
	for (n = 0; n < SESSIONS; n++) {
		simulate(x.s, noise, effect, 1e6, x.rng);
		made_fill(&m, 0, x.s);
		check = (struct check){.results = &m.results, .threshold = truth / OVER};
		assert_true(check_make(&check));
		nr += check.count[VERDICT_OK] && x.s->slow[1];
		check_free(&check);
	}
	made_free(&m);
	session_free(&x);
	return nr;
}

static void test_missed(void **state)
{
	static const int boot_counts[] = {8, 16};
	size_t k, c;

	(void)state;
	for (k = 0; k < NR_SIMULATE_TAILS; k++)
		for (c = 0; c < sizeof(boot_counts) / sizeof(boot_counts[0]); c++)
			assert_between(missed(&simulate_tails[k], boot_counts[c]), 0, 2);
}

/* One row of 16 boots of a kernel with few slow runs of its own. */
static enum verdict judged(const struct noise *noise, double threshold, struct tail *ret)
{
	struct session x = session_new(16, 12);
	enum verdict verdict;
	struct check check;
	struct made m;

	made_init(&m, 1, &x.s->design);
	simulate(x.s, noise, 0, 1e6, x.rng);
	made_fill(&m, 0, x.s);
	check = (struct check){.results = &m.results, .threshold = threshold};
	assert_true(check_make(&check));
	*ret = check.rows[0].tail;
	verdict = check.rows[0].verdict;
	check_free(&check);
	made_free(&m);
	session_free(&x);
	return verdict;
}

/* The mean has not moved beyond the threshold, the tail has. */
static void test_moved(void **state)
{
	static const struct noise quiet = {.boot = 0.01, .run = 0.01};
	static const struct noise tail = {
		.boot = 0.01, .run = 0.01, .mode_runs = 0.15, .mode = 0.5, .mode_after = true};
	static const struct noise both = {
		.boot = 0.01, .run = 0.01, .mode_runs = 0.15, .mode = 0.5};
	static const struct noise rare = {
		.boot = 0.01, .run = 0.01, .mode_runs = 0.02, .mode = 9, .mode_after = true};
	struct tail t;

	(void)state;
	assert_int_equal(judged(&quiet, 0.5, &t), VERDICT_OK);
	assert_int_equal(t.slow[0] + t.slow[1], 0);
	assert_int_equal(judged(&tail, 0.5, &t), VERDICT_INCONCLUSIVE);
	assert_true(t.more && t.by_boot && !t.slow[0] && t.slow[1] > 3);
	assert_int_equal(t.trials[1], 16);
	assert_int_equal(judged(&both, 0.5, &t), VERDICT_OK);
	assert_true(!t.more && t.slow[0] && t.slow[1]);
	/* 2 of 16 boots say little of how many there are: the mean, +38 %, may be far above. */
	assert_int_equal(judged(&rare, 0.86, &t), VERDICT_INCONCLUSIVE);
	assert_true(!t.more && t.slow[1] == 2 && t.apart == 2 && t.may_be > 0.5);
	assert_int_equal(judged(&rare, 2, &t), VERDICT_OK);
}

/* Slow iterations are seen even where most runs have one. */
static void test_iterations(void **state)
{
	static const struct noise noise = {
		.boot = 0.01, .run = 0.01, .mode_iterations = 0.2, .mode = 19, .mode_after = true};
	struct tail t;

	(void)state;
	judged(&noise, 10, &t);
	assert_between(t.apart, 13, 16);
	assert_int_equal(t.runs, 48);
	assert_true(t.may_be > 0.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missed),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_iterations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
