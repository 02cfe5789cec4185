/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a design would have found. A design is a number of units a side, paired or not; an effect is
 * a log ratio in multiples of `noise`, the standard deviation that a design of one unit a side
 * would have (interval.se * sqrt(interval.n)).
 *
 * The noise is itself an estimate, from a pilot with so many degrees of freedom, and a promise must
 * hold for those who believe it: power is the mean over what the noise may be, given the estimate,
 * which is what repetitions of pilot and experiment would find. INFINITY takes the noise as known.
 */
#ifndef ANALYSIS_STATS_POWER_H
#define ANALYSIS_STATS_POWER_H

#include <stdbool.h>
#include <stddef.h>

#define POWER_PROMISED 0.8
#define POWER_EXACT    64     /* units; from more on an effect falls with their square root */
#define POWER_MOST     100000 /* units */

/*
 * The probability that a two-sided t test at level alpha finds an effect (in noises) with n units a
 * side: the tails of the noncentral t distribution, integrated over the chi distribution of the
 * standard deviation (Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions 2, 1995,
 * 31).
 */
double power_of(double effect, size_t n, bool paired, double alpha, double pilot_df);

/* What one kind of design finds with POWER_PROMISED, for any number of units; power_init() it. */
struct power {
	bool paired;
	double alpha, pilot_df;
	double effect[POWER_EXACT + 1]; /* by units, as far as they were asked for; else 0 */
};

void power_init(struct power *p, bool paired, double alpha, double pilot_df);

/* The smallest effect, in noises, found so with n units a side. NaN if n is too few for a test. */
double power_effect(struct power *p, size_t n);

/* The fewest units a side, at least `least`, that find the effect so; 0 if POWER_MOST do not. */
size_t power_units(struct power *p, double effect, size_t least);

#endif
