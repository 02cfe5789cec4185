// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/movement.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/stats/beta.h"
#include "analysis/stats/summary.h"

#define NORMAL_MAD 1.4826 /* sd of a normal distribution over the median of distances */

struct measured measured_of(const double *values, size_t n)
{
	struct measured m = {.mean = stats_mean(values, n), .n = n};
	double sd = stats_rel_sd(values, n);

	m.variance = sd * sd;
	return m;
}

/* The median of chi^2 / df. */
static double median_chi2(double df)
{
	return pow(1 - 2 / (9 * df), 3);
}

static double median_of(double *values, size_t n)
{
	stats_sort(values, n);
	return stats_quantile(values, n, 0.5);
}

double measured_variance(const struct measured *of, size_t nr)
{
	double *variance = calloc(nr + 1, sizeof(*variance)), result;
	size_t i, n = 0;

	for (i = 0; variance && i < nr; i++)
		if (of[i].n > 1)
			variance[n++] = of[i].variance / median_chi2((double)of[i].n - 1);
	result = variance ? median_of(variance, n) : NAN;
	free(variance);
	return result;
}

/* Moves between successive ones that are there, and what measuring adds to each. */
static size_t moves_of(const struct measured *of, size_t nr, double variance, double *sizes,
		       double *noise)
{
	const struct measured *last = NULL;
	size_t i, n = 0;

	for (i = 0; i < nr; i++) {
		if (!of[i].n || !(of[i].mean > 0))
			continue;
		if (last) {
			sizes[n] = fabs(log(of[i].mean / last->mean));
			noise[n++] = variance / (double)of[i].n + variance / (double)last->n;
		}
		last = &of[i];
	}
	return n;
}

/*
 * What a squared scale by the median of n sizes is in 5 % of cases or more, over the variance of
 * normal values that it is of: sizes' shares are uniform, their median is one of a beta
 * distribution (David, Nagaraja, Order Statistics, 2003, 2.1).
 */
static double most_by_chance(size_t n)
{
	double half = ((double)n + 1) / 2;
	double size = gsl_cdf_ugaussian_Pinv((1 + beta_quantile(0.95, half, half)) / 2);

	return NORMAL_MAD * size * NORMAL_MAD * size;
}

double movement_half(const struct measured *of, size_t nr, size_t *ret_nr)
{
	double *sizes = calloc(nr + 1, sizeof(*sizes)), *noise = calloc(nr + 1, sizeof(*noise));
	double variance = measured_variance(of, nr), scale, measuring, half = NAN;
	size_t n = 0;

	if (sizes && noise)
		n = moves_of(of, nr, variance, sizes, noise);
	*ret_nr = n ? n + 1 : 0;
	if (n && !isnan(variance)) {
		scale = NORMAL_MAD * median_of(sizes, n);
		measuring = median_of(noise, n);
		half = scale * scale > most_by_chance(n) * measuring
			       ? gsl_cdf_tdist_Pinv(0.975, (double)n) *
					 sqrt(scale * scale - measuring)
			       : 0;
	}
	free(sizes);
	free(noise);
	return half;
}
