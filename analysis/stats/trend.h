/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two samples have in common: a change over time. Each is taken about its own means, of values
 * and of times, so a difference between the samples is no trend (analysis of covariance: Snedecor,
 * Cochran, Statistical Methods, 1989, 18.2).
 */
#ifndef ANALYSIS_STATS_TREND_H
#define ANALYSIS_STATS_TREND_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/stats/interval.h"

/* nr[] values of two samples, and when each was taken. */
struct timed {
	double *value[2], *at[2];
	size_t nr[2];
};

struct trend {
	double slope;  /* of values, a unit of time */
	double p;      /* two-sided, that there is none; NaN if that cannot be said */
	double apart;  /* how much later the second sample was taken, in the mean */
	double se, df; /* of the samples' difference with the slope taken out; df 0: none */
};

/*
 * The slope is that of least squares, p of its t test with all residuals in one variance; se is of
 * residual variances of each sample (Welch's), to which the slope adds its own by as much as the
 * samples are apart. There is none if a sample has fewer than 2 values, all together fewer than 5,
 * or each was taken at one moment.
 */
void trend_of(struct trend *ret, const struct timed *t);

/* Adds to an interval of these samples what it is with their trend taken out (interval.steady). */
void trend_take_out(const struct trend *trend, struct interval *i);

#endif
