// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/power.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define STEPS 32  /* of Simpson's rule, even */
#define WIDTH 7	  /* standard deviations of s that are integrated over */
#define MANY  1e5 /* degrees of freedom from which s is taken as known */

/* The mean of fn(s) over s = sqrt(chi^2 / df). */
static double over_chi(double df, double (*fn)(double s, const void *arg), const void *arg)
{
	double sd = 1 / sqrt(2 * df), from = fmax(1e-9, 1 - WIDTH * sd), to = 1 + WIDTH * sd;
	double log_scale = df / 2 * log(df / 2) - lgamma(df / 2) + log(2);
	double s, weight, density, sum = 0, all = 0;
	unsigned int i;

	if (df > MANY)
		return fn(1, arg);
	for (i = 0; i <= STEPS; i++) {
		s = from + (to - from) * i / STEPS;
		weight = i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2;
		density = exp(log_scale + (df - 1) * log(s) - df * s * s / 2);
		all += weight * density;
		sum += weight * density * fn(s, arg);
	}
	return sum / all;
}

struct test {
	double critical; /* of |t| */
	double shift;	 /* of t, in standard errors */
	double df;
	double scale; /* of shift */
};

/* The normal distribution function. */
static double phi(double z)
{
	return erfc(-z * M_SQRT1_2) / 2;
}

/* The power if the standard deviation is estimated as s times the true one. */
static double given_estimate(double s, const void *arg)
{
	const struct test *t = arg;

	return phi(t->shift * t->scale - t->critical * s) +
	       phi(-t->shift * t->scale - t->critical * s);
}

/* The power if the pilot took the noise to be s times what it is. */
static double given_pilot(double s, const void *arg)
{
	struct test t = *(const struct test *)arg;

	t.scale = s;
	return over_chi(t.df, given_estimate, &t);
}

double power_of(double effect, size_t n, bool paired, double alpha, double pilot_df)
{
	struct test t = {.scale = 1};

	if (n < 2)
		return NAN;
	t.df = paired ? (double)n - 1 : 2 * ((double)n - 1);
	t.critical = gsl_cdf_tdist_Qinv(alpha / 2, t.df);
	t.shift = effect * sqrt((double)n);
	return over_chi(pilot_df, given_pilot, &t);
}

void power_init(struct power *p, bool paired, double alpha, double pilot_df)
{
	*p = (struct power){.paired = paired, .alpha = alpha, .pilot_df = pilot_df};
}

/* Halves a bracket a few times; power is nearly straight in what is left. */
static double smallest_effect(const struct power *p, size_t n)
{
	double low = 0, high = 4 / sqrt((double)n), middle, at_low = p->alpha, at_high, at;
	unsigned int i;

	while ((at_high = power_of(high, n, p->paired, p->alpha, p->pilot_df)) < POWER_PROMISED) {
		low = high;
		at_low = at_high;
		high *= 2;
	}
	for (i = 0; i < 6; i++) {
		middle = (low + high) / 2;
		at = power_of(middle, n, p->paired, p->alpha, p->pilot_df);
		if (at < POWER_PROMISED) {
			low = middle;
			at_low = at;
		} else {
			high = middle;
			at_high = at;
		}
	}
	return low + (high - low) * (POWER_PROMISED - at_low) / (at_high - at_low);
}

double power_effect(struct power *p, size_t n)
{
	size_t at = n < POWER_EXACT ? n : POWER_EXACT;

	if (n < 2 || !(p->pilot_df > 0))
		return NAN;
	if (p->effect[at] == 0)
		p->effect[at] = smallest_effect(p, at);
	return p->effect[at] * sqrt((double)at / (double)n);
}

size_t power_units(struct power *p, double effect, size_t least)
{
	size_t low = least < 2 ? 1 : least - 1, high = POWER_MOST, middle;

	if (!(p->pilot_df > 0) || !(effect >= power_effect(p, POWER_MOST)))
		return 0;
	while (high - low > 1) {
		middle = (low + high) / 2;
		if (effect < power_effect(p, middle))
			low = middle;
		else
			high = middle;
	}
	return high;
}
