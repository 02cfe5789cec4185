// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verdicts, against simulated sessions whose truth is known (seeded, so that a test gives the same
 * result each time).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>

#include "analysis/compare/stopping.h"
#include "analysis/compare/verdict.h"
#include "analysis/results/bands.h"
#include "analysis/stats/permutation.h"
#include "common/exit.h"
#include "tests/tools/made.h"
#include "tests/tools/simulate.h"
#include "tests/unit/analysis/session.h"
#include "tests/unit/between.h"

#define NEAR	 1e-6
#define SESSIONS 2000
#define ALPHA	 (1 - INTERVAL_CONFIDENCE)

static const int boot_counts[] = {4, 5, 8, 16};
#define NR_COUNTS (sizeof(boot_counts) / sizeof(boot_counts[0]))

/* In percent of sessions, the interval holds the true change. */
static double coverage(const struct noise *noise, int boots)
{
	struct session x = session_new(boots, 1);
	const double effect = 0.03;
	struct interval i;
	int n, held = 0;

	for (n = 0; n < SESSIONS; n++) {
		simulate(x.s, noise, effect, 1e6, x.rng);
		i = interval_paired(x.s->boots[0], x.s->boots[1], (size_t)boots);
		held += interval_low(&i, INTERVAL_CONFIDENCE) <= effect &&
			effect <= interval_high(&i, INTERVAL_CONFIDENCE);
	}
	session_free(&x);
	return 100.0 * held / SESSIONS;
}

static void test_coverage(void **state)
{
	unsigned int k, c;
	double held;

	(void)state;
	for (k = 0; k < NR_SIMULATE_NOISES; k++) {
		for (c = 0; c < NR_COUNTS; c++) {
			held = coverage(&simulate_noises[k], boot_counts[c]);
			printf("%s, %d boots: %.1f %%\n", simulate_noises[k].name, boot_counts[c],
			       held);
			assert_true(held >= 93);
			/* Two kinds of boots far apart make it err on the safe side. */
			assert_true(held <= (k == NR_SIMULATE_NOISES - 1 ? 99 : 97));
		}
	}
}

/* In percent, sessions with the effect that a pilot promised call it a regression. */
static double kept(const struct noise *noise, int boots)
{
	struct power p = {{POWER_BEYOND, true, ALPHA, boots - 1, 0}, {0}};
	struct session x = session_new(boots, 2);
	struct interval i;
	double effect;
	int n, found = 0;

	for (n = 0; n < SESSIONS; n++) {
		simulate(x.s, noise, 0, 1e6, x.rng);
		i = interval_paired(x.s->boots[0], x.s->boots[1], (size_t)boots);
		effect = expm1(log1p(CHECK_THRESHOLD) +
			       power_far(&p, (size_t)boots) * interval_noise(&i));
		simulate(x.s, noise, effect, 1e6, x.rng);
		i = interval_paired(x.s->boots[0], x.s->boots[1], (size_t)boots);
		found += interval_low(&i, INTERVAL_CONFIDENCE) > CHECK_THRESHOLD;
	}
	session_free(&x);
	return 100.0 * found / SESSIONS;
}

static void test_promise(void **state)
{
	unsigned int k, c;
	double found;

	(void)state;
	for (k = 0; k < NR_SIMULATE_NOISES - 1; k++) {
		for (c = 0; c < NR_COUNTS; c++) {
			found = kept(&simulate_noises[k], boot_counts[c]);
			printf("%s, %d boots: %.1f %% of 80\n", simulate_noises[k].name,
			       boot_counts[c], found);
			assert_between(lround(found * 10), 770, 830);
		}
	}
}

/* A/A checks of several points with no threshold: few have any verdict but inconclusive. */
static void test_false_alarms(void **state)
{
	enum {
		POINTS = 8,
		CHECKS = 400
	};
	struct session x = session_new(5, 3);
	struct check check;
	struct made m;
	int n, alarms = 0, ok = 0;
	size_t p;

	(void)state;
	made_init(&m, POINTS, &x.s->design);
	for (n = 0; n < CHECKS; n++) {
		for (p = 0; p < POINTS; p++) {
			simulate(x.s, &simulate_noises[p % 7], 0, 1e6, x.rng);
			made_fill(&m, p, x.s);
		}
		check = (struct check){.results = &m.results, .threshold = n % 2 ? 0.02 : 0};
		assert_true(check_make(&check));
		assert_int_equal(check.judged, POINTS);
		if (n % 2)
			ok += !check.count[VERDICT_REGRESSION];
		else
			alarms +=
				check.count[VERDICT_REGRESSION] || check.count[VERDICT_IMPROVEMENT];
		check_free(&check);
	}
	printf("alarms in %d of %d A/A checks without threshold, regressions in %d with one\n",
	       alarms, CHECKS / 2, CHECKS / 2 - ok);
	assert_between(alarms, 0, CHECKS / 2 * 5 / 100);
	assert_between(CHECKS / 2 - ok, 0, CHECKS / 2 / 100);
	made_free(&m);
	session_free(&x);
}

/* The one row of a check of one simulated session. */
static void one_check(const struct noise *noise, int boots, double effect, double threshold,
		      const struct band *band, struct check *ret, struct made *m)
{
	struct session x = session_new(boots, 4);

	made_init(m, 1, &x.s->design);
	simulate(x.s, noise, effect, 1e6, x.rng);
	made_fill(m, 0, x.s);
	if (band)
		bands_widen(m->results.bands, m->results.points[0], band);
	*ret = (struct check){.results = &m->results, .threshold = threshold};
	assert_true(check_make(ret));
	assert_int_equal(ret->nr_rows, 1);
	session_free(&x);
}

static void expect_verdict(int boots, double effect, double threshold, const struct band *band,
			   enum verdict verdict, int status)
{
	static const struct noise quiet = {.boot = 0.002, .run = 0.002, .iteration = 0.01};
	struct check check;
	struct made m;

	one_check(&quiet, boots, effect, threshold, band, &check, &m);
	assert_string_equal(verdict_name(check.rows[0].verdict), verdict_name(verdict));
	assert_int_equal(check_status(&check), status);
	check_free(&check);
	made_free(&m);
}

static void test_verdicts(void **state)
{
	static const struct band band = {-0.01, 0.06, 0, 0}, narrow = {0, 0.001, 0, 0};

	(void)state;
	expect_verdict(8, 0, 0.02, NULL, VERDICT_OK, EXIT_OK);
	expect_verdict(8, 0.05, 0.02, NULL, VERDICT_REGRESSION, EXIT_FAILED);
	expect_verdict(8, -0.05, 0.02, NULL, VERDICT_IMPROVEMENT, EXIT_OK);
	expect_verdict(8, 0.01, 0.02, NULL, VERDICT_OK, EXIT_OK);
	expect_verdict(8, 0.02, 0.02, NULL, VERDICT_INCONCLUSIVE, EXIT_INCONCLUSIVE);
	expect_verdict(8, 0, 0, NULL, VERDICT_INCONCLUSIVE, EXIT_INCONCLUSIVE);
	expect_verdict(8, 0.05, 0.02, &band, VERDICT_WITHIN_BAND, EXIT_INCONCLUSIVE);
	expect_verdict(8, 0, 0.02, &band, VERDICT_OK, EXIT_OK);
	expect_verdict(8, 0.06, 0.02, &band, VERDICT_INCONCLUSIVE, EXIT_INCONCLUSIVE);
	expect_verdict(8, 0.1, 0.02, &band, VERDICT_REGRESSION, EXIT_FAILED);
	expect_verdict(8, 0.05, 0.02, &narrow, VERDICT_REGRESSION, EXIT_FAILED);
	expect_verdict(3, 0.05, 0.02, NULL, VERDICT_INCONCLUSIVE, EXIT_INCONCLUSIVE);
}

static void count_diagnoses(const struct noise *noise, size_t count[DIAGNOSIS_NOTE + 1])
{
	struct session x = session_new(8, 5);
	struct check check;
	struct made m;
	size_t i;
	int n;

	memset(count, 0, (DIAGNOSIS_NOTE + 1) * sizeof(*count));
	made_init(&m, 1, &x.s->design);
	for (n = 0; n < 50; n++) {
		simulate(x.s, noise, 0, 1e6, x.rng);
		made_fill(&m, 0, x.s);
		check = (struct check){.results = &m.results, .threshold = 0.02};
		assert_true(check_make(&check));
		for (i = 0; i < check.rows[0].diagnoses.nr; i++)
			count[check.rows[0].diagnoses.of[i].kind]++;
		check_free(&check);
	}
	made_free(&m);
	session_free(&x);
}

/* What is there is seen nearly always, what is not there is seen seldom. */
static void test_diagnoses(void **state)
{
	static const struct noise plain = {.boot = 0.01, .run = 0.01, .iteration = 0.02};
	static const struct noise drift = {.boot = 0.01, .run = 0.01, .drift = 0.08};
	static const struct noise modes = {
		.boot = 0.005, .run = 0.01, .mode_runs = 0.4, .mode = 0.1};
	static const struct noise first = {.boot = 0.01, .run = 0.01, .first_run = 0.04};
	static const struct noise lone = {.run = 0.005, .mode_runs = 0.05, .mode = 0.2};
	size_t count[DIAGNOSIS_NOTE + 1];

	(void)state;
	count_diagnoses(&plain, count);
	assert_between(count[DIAGNOSIS_DRIFT], 0, 3);
	assert_between(count[DIAGNOSIS_BIMODAL], 0, 3);
	assert_between(count[DIAGNOSIS_FIRST_RUN], 0, 3);
	assert_between(count[DIAGNOSIS_OUTLIERS], 0, 2);
	assert_between(count[DIAGNOSIS_NOT_INTERLEAVED] + count[DIAGNOSIS_ONE_BOOT], 0, 0);
	count_diagnoses(&drift, count);
	assert_between(count[DIAGNOSIS_DRIFT], 47, 50);
	count_diagnoses(&modes, count);
	assert_between(count[DIAGNOSIS_BIMODAL], 95, 100); /* each kernel for itself */
	count_diagnoses(&first, count);
	assert_between(count[DIAGNOSIS_FIRST_RUN], 47, 50);
	count_diagnoses(&lone, count);
	assert_between(count[DIAGNOSIS_OUTLIERS], 50, 100);
}

/* Rare events, most runs with none or one of them: differences that are not there are rarely found.
 */
static void test_rare(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	int n, k, alarms = 0;
	double value[2][8];
	struct interval i;

	(void)state;
	for (n = 0; n < SESSIONS; n++) {
		for (k = 0; k < 16; k++)
			value[k / 8][k % 8] = gsl_ran_poisson(rng, 1);
		i = interval_apart_plain(value[0], 8, value[1], 8);
		alarms += interval_p(&i, 0, 0) < ALPHA;
	}
	printf("rare events: %.1f %% false alarms\n", 100.0 * alarms / SESSIONS);
	assert_between(alarms, SESSIONS * 2 / 100, SESSIONS * 6 / 100);
	gsl_rng_free(rng);
}

/* Numbers of one kernel with other labels raise as many alarms as are nominal. */
static void test_relabel(void **state)
{
	enum {
		TIMES = 300
	};
	struct session x = session_new(8, 6);
	double paired = 0, apart = 0;
	int n;

	(void)state;
	for (n = 0; n < TIMES; n++) {
		simulate(x.s, &simulate_noises[n % 7], 0, 1e6, x.rng);
		paired += relabel_alarms(x.s->boots[0], 8, x.s->boots[1], 8, true) / TIMES;
		apart += relabel_alarms(x.s->boots[0], 8, x.s->boots[1], 8, false) / TIMES;
	}
	printf("relabelled: %.2f %%, not in blocks %.2f %%\n", 100 * paired, 100 * apart);
	assert_between(lround(1000 * paired), 40, 60);
	assert_between(lround(1000 * apart), 40, 60);
	assert_true(isnan(relabel_alarms(x.s->boots[0], 1, x.s->boots[1], 1, true)));
	session_free(&x);
}

/* The width of a point is that of the interval of `check`, which is wider, and says why. */
static void test_until_look(void **state)
{
	static const struct noise noise = {.boot = 0.01, .run = 0.01, .iteration = 0.02};
	struct check planned, until;
	struct until_point point;
	struct made m;

	(void)state;
	one_check(&noise, 9, 0.05, 0.02, NULL, &planned, &m);
	m.results.until = 0.005;
	until = (struct check){.results = &m.results, .threshold = 0.02};
	assert_true(check_make(&until));
	assert_true(until_look(&m.results, -1, true, &point));
	assert_false(point.nothing);
	assert_int_equal(point.units, 9);
	assert_float_equal(point.half, sqrt((1 + until.rows[0].high) / (1 + until.rows[0].low)) - 1,
			   NEAR);
	/* t(0.985, 8) and t(0.975, 8), tables */
	assert_float_equal(log1p(until.rows[0].high) - log1p(until.rows[0].change),
			   2.6338 / 2.3060 *
				   (log1p(planned.rows[0].high) - log1p(planned.rows[0].change)),
			   1e-5);
	assert_float_equal(until.rows[0].p, fmin(1, planned.rows[0].p * 0.05 / 0.03), NEAR);
	assert_int_equal(planned.rows[0].diagnoses.nr, 0);
	assert_int_equal(until.rows[0].diagnoses.of[0].kind, DIAGNOSIS_UNTIL);
	/* Runs are not what was to be counted; one kernel by itself; nothing of another. */
	assert_true(until_look(&m.results, -1, false, &point));
	assert_true(isnan(point.half) && !point.nothing);
	assert_true(until_look(&m.results, 1, true, &point));
	assert_true(point.half > 0 && point.units == 9);
	m.kernels[1].cells[0]->nr = m.kernels[1].cells[0]->nr_ok = 0;
	assert_true(until_look(&m.results, -1, true, &point));
	assert_true(point.nothing);
	check_free(&planned);
	check_free(&until);
	made_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rare),	   cmocka_unit_test(test_relabel),
		cmocka_unit_test(test_until_look), cmocka_unit_test(test_coverage),
		cmocka_unit_test(test_promise),	   cmocka_unit_test(test_false_alarms),
		cmocka_unit_test(test_verdicts),   cmocka_unit_test(test_diagnoses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
