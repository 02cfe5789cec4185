// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/power.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "analysis/stats/interval.h"

#define STEPS	32    /* of Simpson's rule, even */
#define WIDTH	7     /* standard deviations of s that are integrated over */
#define NOTHING 1e-10 /* a density that is not worth the other integral */
#define MANY	1e5   /* degrees of freedom from which s is taken as known */

/* The distribution of s = sqrt(chi^2 / df), at the nodes of that rule. */
struct chi {
	double s[STEPS + 1], weight[STEPS + 1];
	unsigned int nr;
};

static struct chi chi_of(double df)
{
	double sd = 1 / sqrt(2 * df), from = fmax(1e-9, 1 - WIDTH * sd), to = 1 + WIDTH * sd;
	double log_scale = df / 2 * log(df / 2) - lgamma(df / 2) + log(2);
	struct chi chi = {.s = {1}, .weight = {1}, .nr = 1};
	double s, weight;
	unsigned int i;

	if (df > MANY)
		return chi;
	chi.nr = 0;
	for (i = 0; i <= STEPS; i++) {
		s = from + (to - from) * i / STEPS;
		weight = (i == 0 || i == STEPS ? 1
			  : i % 2	       ? 4
					       : 2) *
			 exp(log_scale + (df - 1) * log(s) - df * s * s / 2);
		if (weight < NOTHING)
			continue;
		chi.s[chi.nr] = s;
		chi.weight[chi.nr++] = weight;
	}
	return chi;
}

/* The mean of fn(s). */
static double over_chi(const struct chi *chi, double (*fn)(double s, const void *arg),
		       const void *arg)
{
	double sum = 0, all = 0;
	unsigned int i;

	for (i = 0; i < chi->nr; i++) {
		all += chi->weight[i];
		sum += chi->weight[i] * fn(chi->s[i], arg);
	}
	return sum / all;
}

struct test {
	double critical[2];	    /* of t; the worse of both counts */
	double shift[2];	    /* of t, in standard errors */
	const struct chi *estimate; /* of the standard deviation, by the test itself */
	double scale;		    /* of shift */
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

	return phi(fmin(t->shift[0] * t->scale - t->critical[0] * s,
			t->shift[1] * t->scale - t->critical[1] * s));
}

/* The power if the pilot took the noise to be s times what it is. */
static double given_pilot(double s, const void *arg)
{
	struct test t = *(const struct test *)arg;

	t.scale = s;
	return over_chi(t.estimate, given_estimate, &t);
}

double power_of(const struct power_design *design, double far, size_t n)
{
	double share = design->alpha / (1 - INTERVAL_CONFIDENCE), shift = far * sqrt((double)n);
	double df = (design->paired ? (double)n - 1 : 2 * ((double)n - 1)) + design->pool_df;
	struct test t = {.scale = 1, .shift = {shift, shift}};
	struct chi estimate, pilot;

	if (n < 2)
		return NAN;
	t.critical[0] = t.critical[1] = gsl_cdf_tdist_Qinv(design->alpha / 2, df);
	if (design->claim == POWER_OK) {
		t.critical[0] = gsl_cdf_tdist_Qinv(share * RULES_OUT_ALPHA, df);
		t.critical[1] = gsl_cdf_tdist_Qinv(share * RULES_OUT_FAR_ALPHA, df);
		t.shift[1] *= RULES_OUT_FAR;
	}
	estimate = chi_of(df);
	t.estimate = &estimate;
	pilot = chi_of(design->pilot_df);
	return over_chi(&pilot, given_pilot, &t);
}

/* The normal quantile of the power is nearly straight in far, so few steps of the secant do. */
static double least_far(const struct power_design *design, size_t n)
{
	double far = 3 / sqrt((double)n), slope = sqrt((double)n), last = 0, last_z = 0, at, z,
	       step;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		at = power_of(design, far, n);
		z = gsl_cdf_ugaussian_Pinv(fmin(fmax(at, 1e-6), 1 - 1e-6));
		if (fabs(at - POWER_PROMISED) < 1e-5)
			break;
		if (i && (z - last_z) / (far - last) > 0)
			slope = (z - last_z) / (far - last);
		last = far;
		last_z = z;
		step = (gsl_cdf_ugaussian_Pinv(POWER_PROMISED) - z) / slope;
		far = fmax(far / 2, far + step);
	}
	return far;
}

double power_far(struct power *p, size_t n)
{
	size_t at = n < POWER_EXACT ? n : POWER_EXACT;

	if (n < 2 || !(p->design.pilot_df > 0))
		return NAN;
	if (p->far[at] == 0)
		p->far[at] = least_far(&p->design, at);
	return p->far[at] * sqrt((double)at / (double)n);
}

size_t power_units(struct power *p, double far, size_t least)
{
	size_t low = least < 2 ? 1 : least - 1, high = POWER_MOST, middle;

	if (!(p->design.pilot_df > 0) || !(far >= power_far(p, POWER_MOST)))
		return 0;
	while (high - low > 1) {
		middle = (low + high) / 2;
		if (far < power_far(p, middle))
			low = middle;
		else
			high = middle;
	}
	return high;
}
