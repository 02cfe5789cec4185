// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Statistics, and numbers as they are printed.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>

#include "analysis/stats/summary.h"
#include "analysis/text/numbers.h"

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
	check_count(0.0033, "0.0033");
	check_count(0.02, "0.02");
	check_count(0.0996, "0.10");
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
	assert_string_equal(number_percent(9.99, true, text), "+999%");
	assert_string_equal(number_percent(10, true, text), "x 11.0");
	assert_string_equal(number_percent(21845, true, text), "x 21846");
	assert_string_equal(number_percent(NAN, false, text), "-");
	assert_string_equal(number_fixed(-0.0004, 1, true, text), "0.0%");
	assert_string_equal(number_fixed(-0.0006, 1, true, text), "-0.1%");
	assert_string_equal(number_fixed(0.0126, 2, true, text), "+1.26%");
	assert_string_equal(number_fixed(19.487, 1, false, text), "1948.7%");
	assert_string_equal(number_fixed(19.487, 1, true, text), "x 20.5");
	assert_string_equal(number_fixed(INFINITY, 1, false, text), "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_welch),
		cmocka_unit_test(test_stats_properties),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
