// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/trend.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "analysis/stats/summary.h"

/* Of one sample, about its means. */
struct sums {
	double mean, mean_at;
	double tt, tv; /* of squares of times, of products */
};

static struct sums sums_of(const double *value, const double *at, size_t nr)
{
	struct sums s = {.mean = stats_mean(value, nr), .mean_at = stats_mean(at, nr)};
	size_t i;

	for (i = 0; i < nr; i++) {
		s.tt += (at[i] - s.mean_at) * (at[i] - s.mean_at);
		s.tv += (at[i] - s.mean_at) * (value[i] - s.mean);
	}
	return s;
}

static double residuals(const double *value, const double *at, size_t nr, const struct sums *s,
			double slope)
{
	double sum = 0, e;
	size_t i;

	for (i = 0; i < nr; i++) {
		e = value[i] - s->mean - slope * (at[i] - s->mean_at);
		sum += e * e;
	}
	return sum;
}

void trend_of(struct trend *ret, const struct timed *t)
{
	double n = (double)(t->nr[0] + t->nr[1]), tt, rest[2], df, part, all = 0, squares = 0;
	struct sums s[2];
	unsigned int k;

	*ret = (struct trend){.slope = NAN, .p = NAN};
	if (t->nr[0] < 2 || t->nr[1] < 2 || n < 5)
		return;
	for (k = 0; k < 2; k++)
		s[k] = sums_of(t->value[k], t->at[k], t->nr[k]);
	tt = s[0].tt + s[1].tt;
	if (!(tt > 0))
		return;
	ret->slope = (s[0].tv + s[1].tv) / tt;
	ret->apart = s[1].mean_at - s[0].mean_at;
	for (k = 0; k < 2; k++) {
		rest[k] = residuals(t->value[k], t->at[k], t->nr[k], &s[k], ret->slope);
		df = (double)t->nr[k] - 1 - s[k].tt / tt;
		part = rest[k] / df *
		       (1 / (double)t->nr[k] + ret->apart * ret->apart * s[k].tt / (tt * tt));
		all += part;
		squares += part * part / df;
	}
	ret->se = sqrt(all);
	ret->df = all > 0 ? all * all / squares : n - 3;
	part = sqrt((rest[0] + rest[1]) / (n - 3) / tt);
	ret->p = part > 0 ? 2 * gsl_cdf_tdist_Q(fabs(ret->slope) / part, n - 3) : ret->slope == 0;
}

void trend_take_out(const struct trend *trend, struct interval *i)
{
	if (!(trend->df > 0) || !(i->df > 0))
		return;
	i->steady = -trend->slope * trend->apart;
	i->steady_se = trend->se;
	i->steady_df = trend->df;
}
