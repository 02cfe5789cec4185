// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/moderated.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/stats/summary.h"

/* Sums of squares of the rows; returns how many of them are above 0. */
static size_t squares_of(const double *rows, size_t points, size_t n, double *ret)
{
	size_t p, i, above = 0;

	for (p = 0; p < points; p++) {
		for (ret[p] = 0, i = 0; i < n; i++)
			ret[p] += rows[p * n + i] * rows[p * n + i];
		above += ret[p] > 0;
	}
	return above;
}

/* The middle one of the variances, as that of one that all have in common. */
static double middle(const double *squares, size_t points, double df)
{
	double *sorted = calloc(points + 1, sizeof(*sorted)), ret = NAN;
	size_t p, nr = 0;

	for (p = 0; sorted && p < points; p++)
		if (squares[p] > 0)
			sorted[nr++] = squares[p];
	if (nr) {
		stats_sort(sorted, nr);
		ret = stats_quantile(sorted, nr, 0.5) / gsl_cdf_chisq_Pinv(0.5, df);
	}
	free(sorted);
	return ret;
}

static bool belongs(const struct moderated *m, double squares)
{
	return squares / m->df >= m->apart[0] && squares / m->df <= m->apart[1] && squares > 0;
}

/*
 * The mean squared correlation of the rows that belong together: of all pairs, from the n x n
 * products of columns, without what rows that have none would show.
 */
static double shared(const struct moderated *m, const double *rows, const double *squares,
		     size_t points, size_t n)
{
	double *products = calloc(n * n, sizeof(*products)), sum = 0, nr = 0;
	size_t p, i, k;

	if (!products)
		return 1;
	for (p = 0; p < points; p++) {
		if (!belongs(m, squares[p]))
			continue;
		nr++;
		for (i = 0; i < n; i++)
			for (k = 0; k < n; k++)
				products[i * n + k] +=
					rows[p * n + i] * rows[p * n + k] / squares[p];
	}
	for (i = 0; i < n * n; i++)
		sum += products[i] * products[i];
	free(products);
	sum = (sum - nr) / (nr * (nr - 1));
	return fmin(1, fmax(0, (m->df * sum - 1) / (m->df - 1)));
}

/* Where trigamma is that; by Newton's method, as Smyth has it. */
static double trigamma_inverse(double value)
{
	double x = 0.5 + 1 / value, step;
	unsigned int i;

	for (i = 0; i < 50; i++) {
		step = gsl_sf_psi_1(x) * (1 - gsl_sf_psi_1(x) / value) / gsl_sf_psi_n(2, x);
		x += step;
		if (fabs(step) < 1e-8 * x)
			break;
	}
	return x;
}

/*
 * From mean and variance of the logarithms of nr variances that vary together by that share. What
 * they have in common is as seen, how much that is worth as doubted.
 */
static void fit(struct moderated *m, double mean, double variance, double plain, double nr,
		double together)
{
	double half = m->df / 2, chance = gsl_sf_psi_1(half) * (1 - together), seen, doubted;

	seen = variance - chance;
	doubted = seen + MODERATED_DOUBT * sqrt(2 / (nr - 1)) * chance;
	m->prior_df = doubted > 0 ? 2 * trigamma_inverse(doubted) : INFINITY;
	m->prior = plain;
	if (!(seen > 0))
		return;
	seen = trigamma_inverse(seen);
	m->prior = exp(mean - gsl_sf_psi(half) + log(half) + gsl_sf_psi(seen) - log(seen));
}

bool moderated_of(struct moderated *ret, const double *rows, size_t points, size_t n)
{
	double *squares = calloc(points + 1, sizeof(*squares)), common, together, nr = 0, log_s;
	double mean = 0, variance = 0, plain = 0;
	size_t p;

	*ret = (struct moderated){.df = (double)n - 1};
	if (!squares || n < MODERATED_VALUES || n > MODERATED_ENOUGH ||
	    squares_of(rows, points, n, squares) < MODERATED_POINTS)
		goto out;
	common = middle(squares, points, ret->df);
	ret->apart[0] = common * gsl_cdf_chisq_Pinv(MODERATED_OUTLIER / 2, ret->df) / ret->df;
	ret->apart[1] = common * gsl_cdf_chisq_Qinv(MODERATED_OUTLIER / 2, ret->df) / ret->df;
	for (p = 0; p < points; p++) {
		if (!belongs(ret, squares[p]))
			continue;
		nr++;
		log_s = log(squares[p] / ret->df);
		variance += (log_s - mean) * (log_s - mean) * (nr - 1) / nr;
		mean += (log_s - mean) / nr;
		plain += (squares[p] / ret->df - plain) / nr;
	}
	if (nr < MODERATED_POINTS)
		goto out;
	together = shared(ret, rows, squares, points, n);
	ret->most_df = ret->df * nr / (1 + (nr - 1) * together);
	fit(ret, mean, variance / (nr - 1), plain, nr, together);
	free(squares);
	return true;
out:
	free(squares);
	return false;
}

double moderated_variance(const struct moderated *m, double own, double *ret_df)
{
	*ret_df = m->df;
	if (own < m->apart[0] || own > m->apart[1])
		return own;
	*ret_df = fmax(m->df, fmin(m->most_df, m->prior_df + m->df));
	if (isinf(m->prior_df))
		return m->prior;
	return (m->prior_df * m->prior + m->df * own) / (m->prior_df + m->df);
}
