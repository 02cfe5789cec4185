// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Variances that points have in common, and checks of many points, on what is made with a known
 * truth.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "analysis/compare/verdict.h"
#include "analysis/stats/moderated.h"
#include "tests/tools/made.h"
#include "tests/unit/analysis/session.h"
#include "tests/unit/between.h"

#define POINTS 40
#define BOOTS  8

/* Deviations of points whose boots differ by sd[], and together by `shared`, from their means. */
static void draw(double rows[POINTS * BOOTS], const double sd[POINTS], double shared, gsl_rng *rng)
{
	double common[BOOTS], mean;
	int p, i;

	for (i = 0; i < BOOTS; i++)
		common[i] = gsl_ran_gaussian(rng, shared + 1e-12);
	for (p = 0; p < POINTS; p++) {
		for (mean = 0, i = 0; i < BOOTS; i++) {
			rows[p * BOOTS + i] = common[i] + gsl_ran_gaussian(rng, sd[p]);
			mean += rows[p * BOOTS + i] / BOOTS;
		}
		for (i = 0; i < BOOTS; i++)
			rows[p * BOOTS + i] -= mean;
	}
}

struct fits {
	double prior, prior_df, most_df; /* the middle one of many */
};

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static struct fits fit(const double sd[POINTS], double shared)
{
	enum {
		TIMES = 201
	};
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double rows[POINTS * BOOTS], of[3][TIMES];
	struct moderated m;
	int i;

	for (i = 0; i < TIMES; i++) {
		draw(rows, sd, shared, rng);
		assert_true(moderated_of(&m, rows, POINTS, BOOTS));
		of[0][i] = m.prior;
		of[1][i] = m.prior_df;
		of[2][i] = m.most_df;
	}
	gsl_rng_free(rng);
	for (i = 0; i < 3; i++)
		qsort(of[i], TIMES, sizeof(double), by_size);
	return (struct fits){of[0][TIMES / 2], of[1][TIMES / 2], of[2][TIMES / 2]};
}

static void all(double sd[POINTS], double value)
{
	int p;

	for (p = 0; p < POINTS; p++)
		sd[p] = value;
}

static void test_fits(void **state)
{
	double sd[POINTS];
	struct fits f;
	int p;

	(void)state;
	all(sd, 2);
	f = fit(sd, 0);
	assert_between(lround(100 * f.prior), 380, 420); /* 4 */
	assert_true(f.prior_df > 12);
	assert_between(lround(f.most_df), 240, 280); /* 40 x 7 */
	/* What a boot does to all is seen as often as there are boots, not as there are points. */
	all(sd, 0.1);
	f = fit(sd, 1);
	assert_between(lround(f.most_df), 7, 8);
	/* Variances that differ by inverse chi^2 of 6 degrees of freedom, at even steps of it. */
	for (p = 0; p < POINTS; p++)
		sd[p] = sqrt(6 / gsl_cdf_chisq_Pinv((p + 0.5) / POINTS, 6));
	f = fit(sd, 0);
	assert_between(lround(f.prior_df), 3, 9); /* without those that stand for themselves */
}

static void test_points(void **state)
{
	double sd[POINTS], rows[POINTS * BOOTS] = {0}, df;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct moderated m;

	(void)state;
	assert_false(moderated_of(&m, rows, POINTS, BOOTS)); /* nothing varies */
	all(sd, 1);
	draw(rows, sd, 0, rng);
	assert_false(moderated_of(&m, rows, MODERATED_POINTS - 1, BOOTS));
	assert_false(moderated_of(&m, rows, POINTS, MODERATED_VALUES - 1));
	assert_true(moderated_of(&m, rows, POINTS, BOOTS));
	/* One that is like the others lies between its own and theirs, and is worth more. */
	assert_true(moderated_variance(&m, 1.5, &df) < 1.5 && df > BOOTS - 1);
	assert_true(moderated_variance(&m, 0.6, &df) > 0.6);
	/* One that is not stands for itself. */
	assert_true(moderated_variance(&m, 16, &df) == 16 && df == BOOTS - 1);
	assert_true(moderated_variance(&m, 0.001, &df) == 0.001 && df == BOOTS - 1);
	gsl_rng_free(rng);
}

/* What checks of 20 points say of one kernel as two, in %; an odd one of them is 3 % slower. */
struct said {
	double passes, alarms, odd;
};

static struct said say(const struct noise *noise, double odd, double threshold)
{
	enum {
		CHECKS = 200,
		CHECKED = 20
	};
	struct session x = session_new(BOOTS, 7);
	struct noise noisy = *noise;
	struct said said = {0};
	struct check check;
	struct made m;
	int n, p;

	noisy.boot *= odd;
	made_init(&m, CHECKED, &x.s->design);
	for (n = 0; n < CHECKS; n++) {
		simulate_shared(x.s, noise, x.rng);
		for (p = 0; p < CHECKED; p++) {
			simulate(x.s, p ? noise : &noisy, p || odd == 1 ? 0 : 0.03, 1e6, x.rng);
			made_fill(&m, (size_t)p, x.s);
		}
		check = (struct check){.results = &m.results, .threshold = threshold};
		assert_true(check_make(&check));
		said.passes += check_status(&check) ? 0 : 100.0 / CHECKS;
		said.alarms += check.count[VERDICT_REGRESSION] + check.count[VERDICT_IMPROVEMENT]
				       ? 100.0 / CHECKS
				       : 0;
		said.odd += check.rows[0].verdict == VERDICT_OK ? 100.0 / CHECKS : 0;
		check_free(&check);
	}
	made_free(&m);
	session_free(&x);
	return said;
}

static void test_checks(void **state)
{
	static const struct noise own = {.boot = 0.01}, shared = {.shared = 0.01, .boot = 0.002};
	struct said s;

	(void)state;
	s = say(&own, 1, 0.02);
	printf("boots differ at each point: %.1f %% pass\n", s.passes);
	assert_true(s.passes >= 80 && s.alarms == 0);
	s = say(&shared, 1, 0.02);
	printf("boots differ at all: %.1f %% pass\n", s.passes);
	assert_true(s.passes >= 80 && s.alarms == 0);
	s = say(&own, 1, 0);
	printf("without a threshold: %.1f %% have alarms\n", s.alarms);
	assert_true(s.alarms <= 6);
	s = say(&shared, 1, 0);
	printf("without, at all: %.1f %% have alarms\n", s.alarms);
	assert_true(s.alarms <= 6);
	/* A point that is far noisier than the others, and slower, is not ok for their sake. */
	s = say(&own, 4, 0.02);
	printf("one that is 4 times as noisy, and 3 %% slower: %.1f %% of it are ok\n", s.odd);
	assert_true(s.odd <= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fits),
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
