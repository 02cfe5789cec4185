// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stopping where intervals are narrow, against simulated sessions (seeded).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/compare/stopping.h"
#include "tests/tools/simulate.h"
#include "tests/unit/analysis/session.h"

#define NEAR	 1e-6
#define SESSIONS 2000
#define ALPHA	 (1 - INTERVAL_CONFIDENCE)

/* Targets that a planned design of so many units would reach on the average. */
static const int planned[] = {8, 16, 32};
#define NR_PLANNED (sizeof(planned) / sizeof(planned[0]))

/* In percent of sessions, the interval misses the truth where it ended when it was narrow. */
static void until_misses(const struct sequential *rule, const struct noise *of, int kernel,
			 int most, double ret[NR_PLANNED])
{
	struct design design = {.boots = most, .runs = kernel < 0 ? 3 : 1, .iterations = 4};
	struct noise noise = sequential_noise(of, most);
	struct session x = {simulate_new(&design), gsl_rng_alloc(gsl_rng_mt19937)};
	double target[NR_PLANNED], truth;
	struct interval i;
	unsigned int t;
	int n;

	gsl_rng_set(x.rng, 8);
	for (t = 0; t < NR_PLANNED; t++) {
		ret[t] = 0;
		target[t] = sequential_target(rule, &noise, kernel, &design, planned[t], &truth);
	}
	for (n = 0; n < SESSIONS; n++) {
		simulate(x.s, &noise, 0, 1e6, x.rng);
		for (t = 0; t < NR_PLANNED; t++) {
			i = sequential_interval(
				x.s, kernel, sequential_units(rule, x.s, kernel, most, target[t]));
			i.log_ratio -= kernel < 0 ? 0 : truth + log(1e6);
			ret[t] += interval_p(&i, 0, 0) < 1 - rule->reports ? 100.0 / SESSIONS : 0;
		}
	}
	session_free(&x);
}

/* What --until leaves holds the truth in 95 %, and never much more: so are A/A alarms. */
static void test_until_coverage(void **state)
{
	struct sequential boots = {.least = UNTIL_BOOTS,
				   .next = until_next,
				   .stops = UNTIL_CONFIDENCE,
				   .reports = UNTIL_CONFIDENCE};
	struct sequential runs = boots;
	double missed[NR_PLANNED];
	unsigned int k, t;

	(void)state;
	runs.least = UNTIL_RUNS;
	sequential_init(&boots);
	sequential_init(&runs);
	for (k = 0; k < NR_SIMULATE_NOISES; k++) {
		until_misses(&boots, &simulate_noises[k], SEQUENTIAL_BLOCKS, UNTIL_MOST_BOOTS,
			     missed);
		for (t = 0; t < NR_PLANNED; t++) {
			printf("until, %s, %d boots: %.1f %% missed\n", simulate_noises[k].name,
			       planned[t], missed[t]);
			/* 5, and two standard errors of 2000 sessions. */
			assert_true(missed[t] >= 1.5 && missed[t] <= 6);
		}
		if (simulate_noises[k].drift > 0)
			continue;
		until_misses(&runs, &simulate_noises[k], 0, UNTIL_MOST_BOOTS, missed);
		for (t = 0; t < NR_PLANNED; t++) {
			printf("until, %s, %d runs of one: %.1f %% missed\n",
			       simulate_noises[k].name, planned[t], missed[t]);
			/* Lopsided noise, a few runs that are much slower, takes more runs. */
			assert_true(missed[t] <= (simulate_noises[k].mode_runs > 0 ? 8 : 6));
		}
	}
}

static void test_until_next(void **state)
{
	static const int boots[] = {8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 27};
	unsigned int i;
	int n;

	(void)state;
	for (i = 0, n = 2; i < sizeof(boots) / sizeof(boots[0]); i++) {
		n = until_next(n, UNTIL_BOOTS);
		assert_int_equal(n, boots[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_until_coverage),
		cmocka_unit_test(test_until_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
