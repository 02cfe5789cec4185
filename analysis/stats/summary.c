// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/summary.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

double stats_mean(const double *values, size_t n)
{
	return n ? gsl_stats_mean(values, 1, n) : NAN;
}

double stats_hmean(const double *values, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += values[i] > 0 ? 1 / values[i] : NAN;
	return n ? (double)n / sum : NAN;
}

double stats_sd(const double *values, size_t n)
{
	return n < 2 ? NAN : gsl_stats_sd(values, 1, n);
}

double stats_rel_sd(const double *values, size_t n)
{
	double mean = stats_mean(values, n);

	return mean == 0 ? NAN : stats_sd(values, n) / mean;
}

void stats_sort(double *values, size_t n)
{
	gsl_sort(values, 1, n);
}

double stats_quantile(const double *sorted, size_t n, double q)
{
	return n ? gsl_stats_quantile_from_sorted_data(sorted, 1, n, q) : NAN;
}

struct stats_paired stats_paired(const double *base, const double *other, size_t n,
				 double confidence)
{
	struct stats_paired p = {n ? 0 : NAN, NAN, NAN};
	double squares = 0, d;
	size_t i;

	for (i = 0; i < n; i++)
		p.mean += (other[i] - base[i]) / (double)n;
	for (i = 0; i < n; i++) {
		d = other[i] - base[i] - p.mean;
		squares += d * d;
	}
	if (n < 2)
		return p;
	p.sd = sqrt(squares / (double)(n - 1));
	p.half = gsl_cdf_tdist_Pinv((1 + confidence) / 2, (double)(n - 1)) * p.sd / sqrt((double)n);
	return p;
}

bool stats_welch(struct stats_group a, struct stats_group b, double level)
{
	double va = a.sd * a.sd / (double)a.n, vb = b.sd * b.sd / (double)b.n, df;

	if (a.n < 2 || b.n < 2 || va + vb == 0)
		return false;
	df = (va + vb) * (va + vb) / (va * va / (double)(a.n - 1) + vb * vb / (double)(b.n - 1));
	return fabs(a.mean - b.mean) / sqrt(va + vb) > gsl_cdf_tdist_Pinv(1 - level / 2, df);
}
