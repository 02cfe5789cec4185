// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs that are lost, and counts that have modes, in simulated sessions whose truth is known:
 * nothing is ok that is not so.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/compare/verdict.h"
#include "analysis/compare/worst.h"
#include "tests/tools/made.h"
#include "tests/tools/simulate_lost.h"
#include "tests/unit/analysis/session.h"
#include "tests/unit/between.h"

#define SESSIONS 300
#define OVER	 1.5 /* the true change, in thresholds */
#define BOOTS	 8
#define COUNTED	 0.005 /* the threshold of counts */

/* In how many sessions it is ok though something was lost, and (ret_passes) though nothing was. */
static int missed(const struct lossy *kind, double effect, double threshold, int *ret_passes)
{
	struct session x = session_new(BOOTS, 21);
	struct check check;
	struct made m;
	int n, nr = 0;
	bool lost;

	made_init(&m, 1, &x.s->design);
	*ret_passes = 0;
	for (n = 0; n < SESSIONS; n++) {
		simulate(x.s, &kind->noise, effect, 1e6, x.rng);
		simulate_lose(x.s, &kind->loss, 1e6, x.rng);
		made_fill(&m, 0, x.s);
		check = (struct check){.results = &m.results, .threshold = threshold};
		assert_true(check_make(&check));
		lost = simulate_lost(x.s, 0) + simulate_lost(x.s, 1);
		nr += check.count[VERDICT_OK] && lost;
		*ret_passes += check.count[VERDICT_OK] && !lost;
		check_free(&check);
	}
	made_free(&m);
	session_free(&x);
	return nr;
}

static double threshold_of(const struct lossy *kind)
{
	double truth = simulate_truth(&kind->noise, kind->effect) - 1;

	return truth > 0 ? truth / OVER : CHECK_THRESHOLD;
}

static void test_lost(void **state)
{
	const struct lossy *kind;
	int passes;
	size_t k;

	(void)state;
	for (k = 0; k < NR_SIMULATE_APART; k++) {
		kind = &simulate_apart[k];
		assert_between(missed(kind, kind->effect, threshold_of(kind), &passes), 0, 3);
	}
	for (k = 0; k < NR_SIMULATE_ALIKE; k++) {
		kind = &simulate_alike[k];
		assert_between(missed(kind, kind->effect, threshold_of(kind), &passes), 0, 3);
		assert_between(passes, 0, 3);
	}
	/* Where nothing is lost it can be ok. */
	missed(&simulate_alike[2], 0, CHECK_THRESHOLD, &passes);
	assert_between(passes, SESSIONS / 3, SESSIONS);
}

/* What `check` and a bisection say of counts. */
struct said {
	int ok, good, bad;
};

static struct said counted(const struct noise *noise, double effect, int boots)
{
	struct session x = session_new(boots, 22);
	struct said said = {0};
	struct check check;
	enum verdict worst;
	struct made m;
	double change;
	size_t point;
	int n;

	made_init(&m, 1, &x.s->design);
	made_counts(&m);
	for (n = 0; n < SESSIONS; n++) {
		simulate(x.s, noise, effect, 1e7, x.rng);
		made_fill(&m, 0, x.s);
		check = (struct check){.results = &m.results, .threshold = COUNTED};
		assert_true(check_make(&check));
		assert_true(check.nr_rows == 1 && check.rows[0].exact);
		said.ok += check.count[VERDICT_OK] > 0;
		check_free(&check);
		worst = worst_of(&m.results, 0, 1, COUNTED, &point, &change);
		said.good += worst == VERDICT_OK;
		said.bad += worst == VERDICT_REGRESSION;
	}
	made_free(&m);
	session_free(&x);
	return said;
}

/* Few boots of a count with modes may have met any of them. */
static void test_modes(void **state)
{
	static const struct noise modes = {.boot = 1e-5, .mode_boots = 0.5, .mode = 0.01};
	static const struct noise constant = {.boot = 0};
	struct said said;
	int boots;

	(void)state;
	for (boots = 2; boots <= 6; boots++) {
		said = counted(&modes, OVER * COUNTED, boots);
		assert_between(said.ok, 0, 3);
		assert_between(said.good, 0, 3);
		said = counted(&modes, 0, boots);
		assert_between(said.bad, 0, 6);
		/* Of what does not vary two are enough. */
		said = counted(&constant, 0, boots);
		assert_int_equal(said.ok, SESSIONS);
		assert_int_equal(said.good, SESSIONS);
	}
	said = counted(&modes, 0, 16);
	assert_between(said.ok, SESSIONS / 4, SESSIONS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_modes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
