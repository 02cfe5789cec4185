// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Intervals, tests and power, against published values.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/stats/fisher.h"
#include "analysis/stats/power.h"
#include "analysis/stats/trend.h"
#include "tests/tools/simulate.h"

#define NEAR 1e-6

/* Shares of the means 4 and 5: differences 0.05, 0, -0.05, 0. */
static void test_paired(void **state)
{
	const double base[] = {2, 4, 6, 4}, other[] = {2.75, 5, 7.25, 5};
	struct interval i = interval_paired(base, other, 4);

	(void)state;
	assert_float_equal(i.log_ratio, log(1.25), NEAR);
	assert_float_equal(i.se, 0.05 * sqrt(2 / 3.0 / 4), NEAR);
	assert_float_equal(interval_change(&i), 0.25, NEAR);
	/* t(0.975, 3) = 3.18245, tables */
	assert_float_equal(interval_low(&i, 0.95), 1.25 * exp(-3.18245 * i.se) - 1, 1e-5);
	assert_float_equal(interval_high(&i, 0.95), 1.25 * exp(3.18245 * i.se) - 1, 1e-5);
	assert_true(isnan(interval_low(&(struct interval){.df = 0}, 0.95)));
	i = interval_paired(base, other, 1);
	assert_float_equal(i.log_ratio, log(2.75 / 2), NEAR);
	assert_true(i.df == 0 && interval_p(&i, 0, 0) == 1);
}

/*
 * Means 3 and 6, sds 1.5811 and 3.1623, 5 values each: relative variances of the means 1/18 each,
 * so Welch's degrees of freedom are 8.
 */
static void test_apart(void **state)
{
	const double base[] = {1, 2, 3, 4, 5}, other[] = {2, 4, 6, 8, 10};
	struct interval i = interval_apart(base, 5, other, 5);

	(void)state;
	assert_float_equal(i.log_ratio, log(2), NEAR);
	assert_float_equal(i.se, 1 / 3.0, NEAR);
	assert_float_equal(i.df, 8, NEAR);
	assert_float_equal(interval_p(&i, 0, 0), 0.07117694, NEAR); /* t = 3 log 2 */
}

/* The mean of lopsided values lies in its own interval, which those of logarithms often miss. */
static void test_lopsided(void **state)
{
	const double values[] = {1, 1.01, 0.99, 1, 1.02, 0.98, 1, 9};
	struct interval i = interval_mean(values, 8);

	(void)state;
	assert_float_equal(1 + interval_change(&i), 2, NEAR);
	assert_true(interval_low(&i, 0.95) < 1 && 1 < interval_high(&i, 0.95));
}

/* The same values from 0 on, without logarithms: the same test, relative to a mean of 2. */
static void test_plain(void **state)
{
	const double base[] = {0, 1, 2, 3, 4}, other[] = {1, 3, 5, 7, 9}, none[5] = {0};
	const double ones[] = {1, 1, 1, 1, 2}, few[] = {0, 0, 0, 0, 1};
	const double huge[] = {1e300, -1e300, 1e300};
	struct interval i = interval_apart_plain(base, 5, other, 5);

	(void)state;
	assert_float_equal(i.df, 5.8823529, NEAR);
	assert_float_equal(interval_change(&i), 1.5, NEAR);
	assert_float_equal(interval_p(&i, 0, 0), 0.1075312, NEAR);
	assert_float_equal(interval_low(&i, 0.95) + interval_high(&i, 0.95), 3, NEAR);
	assert_float_equal(interval_p(&i, -0.02, 0.02) > interval_p(&i, 0, 0), 1, NEAR);
	i = interval_paired_plain(base, other, 5);
	assert_float_equal(interval_change(&i), 1.5, NEAR);
	assert_float_equal(i.se, sqrt(2.5 / 5), NEAR);
	i = interval_apart_plain(none, 5, none, 5); /* nothing to change */
	assert_float_equal(interval_change(&i), 0, NEAR);
	assert_float_equal(interval_high(&i, 0.95), 0, NEAR);
	assert_float_equal(interval_p(&i, 0, 0), 1, NEAR);
	i = interval_apart_plain(none, 5, ones, 5); /* new, and not by chance */
	assert_true(isinf(interval_change(&i)) && interval_low(&i, 0.95) > 0);
	assert_true(interval_p(&i, -0.02, 0.02) < 0.01);
	i = interval_apart_plain(huge, 3, none, 3); /* whose squares are no numbers */
	assert_true(i.df == 0 && isnan(interval_low(&i, 0.95)));
	i = interval_apart_plain(none, 5, few, 5); /* by chance, maybe */
	assert_true(interval_low(&i, 0.95) < 0 && interval_p(&i, -0.02, 0.02) > 0.05);
}

/* Two samples, the second 4 later; by hand, and p by the closed form for 3 degrees of freedom. */
static void test_trend(void **state)
{
	double at[2][3] = {{0, 1, 2}, {4, 5, 6}}, value[2][3] = {{0, 2, 4}, {10, 11, 15}};
	struct timed t = {{value[0], value[1]}, {at[0], at[1]}, {3, 3}};
	struct interval i = {.log_ratio = 10, .se = 1.2, .df = 3, .n = 3, .plain = true, .base = 1};
	double low = interval_low(&i, 0.95);
	struct trend trend;

	(void)state;
	trend_of(&trend, &t);
	assert_float_equal(trend.slope, 2.25, NEAR);
	assert_float_equal(trend.apart, 4, NEAR);
	assert_float_equal(trend.p, 0.00975, 1e-5);
	assert_float_equal(trend.se, 1.6499158, NEAR);
	assert_float_equal(trend.df, 1.7294118, NEAR);
	/* The interval reaches as far as either goes: 10 as it is, 1 with 9 taken out. */
	trend_take_out(&trend, &i);
	assert_float_equal(interval_change(&i), 10, NEAR);
	assert_true(interval_low(&i, 0.95) < low && interval_high(&i, 0.95) > 1);
	assert_float_equal(interval_p(&i, 0, 0) > 0.5, 1, NEAR);
	assert_float_equal(interval_noise(&i), 1.6499158 * sqrt(3), NEAR);
	/* Moved as a whole, a sample has the same trend; at one moment there is none. */
	for (unsigned int k = 0; k < 3; k++)
		value[1][k] += 100;
	trend_of(&trend, &t);
	assert_float_equal(trend.slope, 2.25, NEAR);
	t.at[0] = t.at[1] = (double[]){1, 1, 1};
	trend_of(&trend, &t);
	assert_true(isnan(trend.p) && trend.df == 0);
}

/* An estimate within the bounds is nothing; outside, only what is beyond the nearer one counts. */
static void test_bounds(void **state)
{
	struct interval i = {.log_ratio = log(1.05), .se = 0.01, .df = 1e9};

	(void)state;
	assert_float_equal(interval_p(&i, -0.06, 0.06), 1, NEAR);
	assert_float_equal(interval_p(&i, -0.02, 0.02),
			   2 * 0.5 * erfc(log(1.05 / 1.02) / 0.01 / sqrt(2)), 1e-5);
	i.log_ratio = -i.log_ratio;
	assert_true(interval_p(&i, -0.02, 0.02) < 0.01);
	assert_float_equal(interval_p(&i, -0.06, 0), 1, NEAR);
	i.se = 0;
	assert_float_equal(interval_p(&i, -0.02, 0.02), 0, NEAR);
}

static void test_holm(void **state)
{
	double p[] = {0.01, 0.04, 0.03, 0.005, 0.5};

	(void)state;
	interval_holm(p, 5);
	assert_float_equal(p[3], 0.025, NEAR);
	assert_float_equal(p[0], 0.04, NEAR);
	assert_float_equal(p[2], 0.09, NEAR);
	assert_float_equal(p[1], 0.09, NEAR); /* never less than the one before */
	assert_float_equal(p[4], 0.5, NEAR);
	interval_holm(p, 0);
}

static void test_fisher(void **state)
{
	(void)state;
	/* The lady tasting tea (Fisher, The Design of Experiments, 1935, 2): 1 and 17 of 70. */
	assert_float_equal(fisher_more((size_t[]){0, 4}, (size_t[]){4, 4}), 1.0 / 70, NEAR);
	assert_float_equal(fisher_more((size_t[]){1, 3}, (size_t[]){4, 4}), 17.0 / 70, NEAR);
	assert_float_equal(fisher_more((size_t[]){3, 0}, (size_t[]){4, 4}), 1, NEAR);
	assert_float_equal(fisher_more((size_t[]){0, 3}, (size_t[]){0, 4}), 1, NEAR);
}

static void test_mann_whitney(void **state)
{
	const double a[] = {1, 2, 3, 4}, b[] = {5, 6, 7, 8}, mixed[] = {1.5, 2.5, 3.5, 9};
	double many[2][60];
	unsigned int i;

	(void)state;
	assert_float_equal(mann_whitney(a, 4, b, 4), 2.0 / 70, NEAR);
	assert_float_equal(mann_whitney(b, 4, a, 4), 2.0 / 70, NEAR);
	/* U = 10 and 6; P(U <= 6) is 24 of 70 (tables). */
	assert_float_equal(mann_whitney(a, 4, mixed, 4), 48.0 / 70, NEAR);
	assert_float_equal(mann_whitney(a, 4, a, 4), 1, NEAR);
	assert_true(isnan(mann_whitney(a, 0, b, 4)));
	for (i = 0; i < 60; i++) {
		many[0][i] = i;
		many[1][i] = i + 20.5;
	}
	assert_true(mann_whitney(many[0], 60, many[1], 60) < 1e-6);
}

/* Of W = 5, 10 choices of 512 are as small; the approximation is near what is exact. */
static void test_signed_rank(void **state)
{
	/* Depression before and after a tranquilizer (Hollander, Wolfe, Chicken, 2014, 3.1). */
	const double tranquil[] = {-0.952, 0.147,  -1.022, -0.430, -0.620,
				   -0.590, -0.490, 0.080,  -0.010};
	const double worse[] = {1, 2, 3, 4, 5}, none[] = {0, 0}, half[] = {1, -2, 3, -4};
	double many[61];
	int i;

	(void)state;
	assert_float_equal(signed_rank(tranquil, 9), 20.0 / 512, NEAR);
	assert_float_equal(signed_rank(worse, 5), exp2(1 - 5), NEAR);
	assert_float_equal(signed_rank(half, 4), 14.0 / 16, NEAR);
	assert_float_equal(signed_rank(none, 2), 1, NEAR);
	assert_true(isnan(signed_rank(worse, 0)));
	for (i = 0; i < 61; i++)
		many[i] = i % 3 ? i + 1 : -i - 1;
	assert_float_equal(signed_rank(many, 60), signed_rank(many, 61), 0.02);
	many[59] = many[58];
	assert_float_equal(signed_rank(many, 60), signed_rank(many, 61), 0.02);
}

/* As R's power.t.test() has it, whose other tail is nothing here. */
static void test_power(void **state)
{
	struct power p = {{POWER_BEYOND, true, 0.05, INFINITY, 0}, {0}};
	struct power_design apart = {POWER_BEYOND, false, 0.05, INFINITY, 0};

	(void)state;
	assert_float_equal(power_of(&p.design, 1, 10), 0.8030962, 1e-4);
	assert_float_equal(power_of(&apart, 1 / sqrt(2), 17), 0.8070367, 1e-4);
	/* At the bound itself half of the nominal 5 % are beyond, however the noise is known. */
	assert_float_equal(power_of(&p.design, 0, 8), 0.025, 1e-4);
	p.design.pilot_df = 3;
	assert_float_equal(power_of(&p.design, 0, 8), 0.025, 1e-4);
	p.design.pilot_df = INFINITY;
	assert_float_equal(power_far(&p, 4), 2.1280, 1e-3);
	assert_true(isnan(power_far(&p, 1)));
	assert_int_equal(power_units(&p, 1, 4), 10);
	assert_int_equal(power_units(&p, 5, 4), 4);
	assert_int_equal(power_units(&p, 1e-9, 4), 0);
}

/* With many units, whose spread is known, the nearer of both bounds in standard errors decides. */
static void test_rules_out(void **state)
{
	struct power_design ok = {POWER_OK, true, 0.05, INFINITY, 0};
	struct interval i = {.log_ratio = 0, .se = 0.01, .df = 1e9};

	(void)state;
	/* z(0.9) = 1.28155, z(0.99) = 2.32635, tables: the bound decides from 2 * (2.32635 - z) on.
	 */
	assert_float_equal(power_of(&ok, 3 / 100.0, 10000), 0.9571372, 1e-3);
	assert_float_equal(power_of(&ok, 1.5 / 100.0, 10000), 0.4697, 1e-3);
	assert_true(interval_rules_out(&i, expm1(0.0210), 1, 0.95));
	assert_false(interval_rules_out(&i, expm1(0.0120), 1, 0.95));
	assert_true(interval_rules_out(&i, expm1(-0.0210), -1, 0.95));
	assert_false(interval_rules_out(&i, 0, 1, 0.95));
	/* Half as much again has to be ruled out at 1 %: with few units that takes more. */
	i.df = 3; /* t(0.9) = 1.6377, t(0.99) = 4.5407 */
	assert_false(interval_rules_out(&i, 0.0290, 1, 0.95));
	assert_true(interval_rules_out(&i, 0.0320, 1, 0.95));
	assert_false(interval_rules_out(&(struct interval){.df = 0}, 1, 1, 0.95));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paired),	     cmocka_unit_test(test_apart),
		cmocka_unit_test(test_plain),	     cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_holm),	     cmocka_unit_test(test_fisher),
		cmocka_unit_test(test_mann_whitney), cmocka_unit_test(test_signed_rank),
		cmocka_unit_test(test_power),	     cmocka_unit_test(test_lopsided),
		cmocka_unit_test(test_trend),	     cmocka_unit_test(test_rules_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
