// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/interval.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/stats/summary.h"

/* The variance over n of values as shares of their mean, which is that of the mean's logarithm. */
static double variance_of_log(const double *values, size_t n, double *ret_mean)
{
	double squares = 0, d;
	size_t i;

	*ret_mean = stats_mean(values, n);
	for (i = 0; i < n; i++) {
		d = values[i] / *ret_mean - 1;
		squares += d * d;
	}
	return squares / (double)(n - 1) / (double)n;
}

struct interval interval_mean(const double *values, size_t n)
{
	struct interval result = {.log_ratio = NAN, .se = NAN, .n = (double)n};
	double mean;

	if (!n)
		return result;
	result.se = sqrt(variance_of_log(values, n, &mean));
	result.log_ratio = log(mean);
	result.df = (double)(n - 1);
	return result;
}

struct interval interval_paired(const double *base, const double *other, size_t n)
{
	double mean[2] = {stats_mean(base, n), stats_mean(other, n)}, squares = 0, d;
	struct interval result = {.log_ratio = NAN, .se = NAN, .n = (double)n};
	size_t i;

	if (!n)
		return result;
	for (i = 0; i < n; i++) {
		d = other[i] / mean[1] - base[i] / mean[0];
		squares += d * d;
	}
	result.log_ratio = log(mean[1] / mean[0]);
	result.se = sqrt(squares / (double)(n - 1) / (double)n);
	result.df = (double)(n - 1);
	return result;
}

/* Welch's: the degrees of freedom of two variances of means, of so many values; 0 if none can be.
 */
static double welch_df(double a, size_t nr_a, double b, size_t nr_b)
{
	double share = a / (a + b), rest = 1 - share;

	if (nr_a < 2 || nr_b < 2 || !isfinite(a + b))
		return 0;
	if (!(a + b > 0))
		return (double)(nr_a + nr_b - 2);
	return 1 / (share * share / (double)(nr_a - 1) + rest * rest / (double)(nr_b - 1));
}

struct interval interval_apart(const double *base, size_t nr_base, const double *other,
			       size_t nr_other)
{
	struct interval result = {.log_ratio = NAN, .se = NAN};
	double mean[2], a, b;

	if (!nr_base || !nr_other)
		return result;
	a = variance_of_log(base, nr_base, &mean[0]);
	b = variance_of_log(other, nr_other, &mean[1]);
	result.log_ratio = log(mean[1] / mean[0]);
	result.se = sqrt(a + b);
	result.n = 2 / (1 / (double)nr_base + 1 / (double)nr_other);
	result.df = welch_df(a, nr_base, b, nr_other);
	return result;
}

struct interval interval_paired_plain(const double *base, const double *other, size_t n)
{
	struct stats_paired p = stats_paired(base, other, n, 0.95);
	struct interval result = {.log_ratio = p.mean,
				  .se = p.sd / sqrt((double)n),
				  .n = (double)n,
				  .plain = true,
				  .base = fabs(stats_mean(base, n))};

	result.df = n < 2 ? 0 : (double)(n - 1);
	return result;
}

struct interval interval_apart_plain(const double *base, size_t nr_base, const double *other,
				     size_t nr_other)
{
	double mean = stats_mean(base, nr_base), a = stats_sd(base, nr_base);
	double b = stats_sd(other, nr_other);
	struct interval result = {
		.log_ratio = stats_mean(other, nr_other) - mean, .plain = true, .base = fabs(mean)};

	a = a * a / (double)nr_base;
	b = b * b / (double)nr_other;
	result.se = sqrt(a + b);
	result.n = 2 / (1 / (double)nr_base + 1 / (double)nr_other);
	result.df = welch_df(a, nr_base, b, nr_other);
	return result;
}

struct interval interval_mean_plain(const double *values, size_t n)
{
	return (struct interval){.log_ratio = stats_mean(values, n) - 1,
				 .se = stats_sd(values, n) / sqrt((double)n),
				 .df = n < 2 ? 0 : (double)(n - 1),
				 .n = (double)n,
				 .plain = true,
				 .base = 1};
}

/* As a change relative to the base. */
static double relative(const struct interval *i, double value)
{
	if (!i->plain)
		return expm1(value);
	return value == 0 ? 0 : value / i->base;
}

double interval_change(const struct interval *i)
{
	return relative(i, i->log_ratio);
}

double interval_noise(const struct interval *i)
{
	double se = fmax(i->se, i->steady_se);

	return (i->plain ? se / i->base : se) * sqrt(i->n);
}

double interval_df(const struct interval *i)
{
	return i->steady_se > i->se ? i->steady_df : i->df;
}

static double end(const struct interval *i, double confidence, double sign)
{
	double tail = (1 + confidence) / 2, to, steady;

	if (i->df <= 0)
		return NAN;
	to = i->log_ratio + sign * gsl_cdf_tdist_Pinv(tail, i->df) * i->se;
	if (i->steady_df > 0) {
		steady = i->log_ratio + i->steady +
			 sign * gsl_cdf_tdist_Pinv(tail, i->steady_df) * i->steady_se;
		to = sign * (steady - to) > 0 ? steady : to;
	}
	return relative(i, to);
}

double interval_low(const struct interval *i, double confidence)
{
	return end(i, confidence, -1);
}

double interval_high(const struct interval *i, double confidence)
{
	return end(i, confidence, 1);
}

/* Of an estimate beyond the nearer of two bounds, on its own scale. */
static double p_beyond(double estimate, double least, double most, double se, double df)
{
	double beyond = estimate > 0 ? estimate - most : least - estimate;

	if (!(beyond > 0))
		return 1;
	return se > 0 ? 2 * gsl_cdf_tdist_Q(beyond / se, df) : 0;
}

double interval_p(const struct interval *i, double low, double high)
{
	double most = i->plain ? high * i->base : log1p(high);
	double least = i->plain ? low * i->base : log1p(low);
	double p;

	if (i->df <= 0)
		return 1;
	p = p_beyond(i->log_ratio, least, most, i->se, i->df);
	if (i->steady_df > 0)
		p = fmax(p, p_beyond(i->log_ratio + i->steady, least, most, i->steady_se,
				     i->steady_df));
	return p;
}

/* One-sided p that the change is as far as that bound or farther. */
static double p_as_far(const struct interval *i, double bound, int way)
{
	double at = i->plain ? bound * i->base : log1p(fmax(bound, -1 + 1e-9)), p, t;

	t = way * (at - i->log_ratio);
	p = i->se > 0 ? gsl_cdf_tdist_Q(t / i->se, i->df) : !(t > 0);
	if (!(i->steady_df > 0))
		return p;
	t = way * (at - i->log_ratio - i->steady);
	return fmax(p,
		    i->steady_se > 0 ? gsl_cdf_tdist_Q(t / i->steady_se, i->steady_df) : !(t > 0));
}

bool interval_rules_out(const struct interval *i, double bound, int way, double nominal)
{
	double share = (1 - nominal) / (1 - INTERVAL_CONFIDENCE);

	return i->df > 0 && p_as_far(i, bound, way) <= share * RULES_OUT_ALPHA &&
	       p_as_far(i, RULES_OUT_FAR * bound, way) <= share * RULES_OUT_FAR_ALPHA;
}

struct ranked {
	double p;
	size_t place;
};

static int by_p(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->p > y->p) - (x->p < y->p);
}

void interval_holm(double *p, size_t nr)
{
	struct ranked *ranked = calloc(nr + 1, sizeof(*ranked));
	double least = 0;
	size_t i;

	for (i = 0; ranked && i < nr; i++)
		ranked[i] = (struct ranked){p[i], i};
	if (ranked)
		qsort(ranked, nr, sizeof(*ranked), by_p);
	for (i = 0; i < nr; i++) {
		if (ranked)
			least = fmax(least, fmin(1, ranked[i].p * (double)(nr - i)));
		p[ranked ? ranked[i].place : i] = ranked ? least : 1;
	}
	free(ranked);
}
