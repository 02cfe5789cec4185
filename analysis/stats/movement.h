/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far something moves from one time to the next, apart from what measuring it adds.
 */
#ifndef ANALYSIS_STATS_MOVEMENT_H
#define ANALYSIS_STATS_MOVEMENT_H

#include <stddef.h>

/* One value that was measured more than once: a mean, and how its n measurements vary. */
struct measured {
	double mean;	 /* above 0 */
	double variance; /* of one measurement relative to the mean; NaN for n < 2 */
	size_t n;	 /* measurements; 0: there is none */
};

struct measured measured_of(const double *values, size_t n);

/*
 * The variance of one measurement, from all nr of them: the median over those with two measurements
 * or more, each over what the median of such a variance is (Wilson, Hilferty, PNAS 17, 1931), so
 * that a few that went wrong do not widen it. NaN if there is none.
 */
double measured_variance(const struct measured *of, size_t nr);

/*
 * Half of the interval, a log ratio, in which a move lies that has no other causes than the moves
 * between successive ones of these nr, of which *ret_nr are there: t times their scale, t the 0.975
 * quantile of Student's t with as many degrees of freedom as there are moves. Their scale is 1.4826
 * times the median of the sizes of the log ratios, squared, less the median of what measuring adds
 * to a move: components of variance, by medians, so that a few true changes, or one value that went
 * wrong, do not widen it. 0 if measuring alone would give as large a scale in 5 % of cases; NaN
 * without moves, memory or variance.
 */
double movement_half(const struct measured *of, size_t nr, size_t *ret_nr);

#endif
