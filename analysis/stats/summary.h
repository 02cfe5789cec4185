/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statistics of a series of numbers. None of them changes or sorts its input unless it says so,
 * and none ever leaves a value out.
 */
#ifndef ANALYSIS_STATS_SUMMARY_H
#define ANALYSIS_STATS_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

/* Arithmetic mean, sum / n; NaN for n = 0. */
double stats_mean(const double *values, size_t n);

/* Harmonic mean, n / sum(1 / x), the mean of rates; NaN for n = 0 or a value that is not above 0.
 */
double stats_hmean(const double *values, size_t n);

/* Sample standard deviation, sqrt(sum((x - mean)^2) / (n - 1)); NaN for n < 2. */
double stats_sd(const double *values, size_t n);

/* stats_sd() / stats_mean(), a fraction (0.011 is 1.1 %); NaN for n < 2 or a mean of 0. */
double stats_rel_sd(const double *values, size_t n);

/* Sorts values, smallest first. */
void stats_sort(double *values, size_t n);

/*
 * The q-quantile (0..1) of sorted values, interpolated linearly between the two neighbours of
 * rank q * (n - 1); q = 0.5 is the median. NaN for n = 0.
 */
double stats_quantile(const double *sorted, size_t n, double q);

/* Differences within n pairs of values, other - base. */
struct stats_paired {
	double mean, sd;
	double half; /* the interval is mean - half .. mean + half */
};

/*
 * Mean and sample standard deviation of the differences, and the confidence interval of their
 * mean, for paired observations: mean +- t * sd / sqrt(n), t the (1 + confidence) / 2 quantile of
 * Student's distribution with n - 1 degrees of freedom (Jain, The Art of Computer Systems
 * Performance Analysis, 1991, 13.4.1). Assumes that the differences are normal. sd and half are
 * NaN for n < 2.
 */
struct stats_paired stats_paired(const double *base, const double *other, size_t n,
				 double confidence);

/* Mean, sample standard deviation and number of some values. */
struct stats_group {
	double mean, sd;
	size_t n;
};

/*
 * Whether two groups have different means by Welch's test, two-sided, at a level such as 0.05:
 * |a - b| / sqrt(sa^2/na + sb^2/nb) is above the quantile of Student's distribution whose degrees
 * of freedom are Welch's (Welch, Biometrika 34, 1947). Assumes that values are independent and
 * normal. False for fewer than two values on a side or no spread at all.
 */
bool stats_welch(struct stats_group a, struct stats_group b, double level);

#endif
