/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a design would say of a true change. A design is a number of units a side, paired or not;
 * changes are log ratios in multiples of `noise`, the standard deviation that a design of one unit
 * a side would have (interval.se * sqrt(interval.n)).
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

/* What a verdict says. */
enum power_claim {
	POWER_BEYOND, /* the whole interval is beyond a bound */
	POWER_OK,     /* a change as large as a bound is ruled out (interval_rules_out()) */
};

/* One kind of design, and what it is to say. */
struct power_design {
	enum power_claim claim;
	bool paired;
	double alpha;	 /* 1 - the confidence of the interval */
	double pilot_df; /* behind the noise */
	double pool_df;	 /* that other points add to those of the design */
};

/*
 * The probability of the claim with n units a side: POWER_BEYOND of a true change that is `far` (in
 * noises) beyond the bound, POWER_OK of none with a bound that far away. The tail of the noncentral
 * t distribution, integrated over the chi distribution of the standard deviation (Johnson, Kotz,
 * Balakrishnan, Continuous Univariate Distributions 2, 1995, 31).
 */
double power_of(const struct power_design *design, double far, size_t n);

/* What such a design says with POWER_PROMISED, for any number of units; zero but for design. */
struct power {
	struct power_design design;
	double far[POWER_EXACT + 1]; /* by units, as far as they were asked for; else 0 */
};

/* How far, in noises, that is with n units a side at least. NaN if n is too few for a test. */
double power_far(struct power *p, size_t n);

/* The fewest units a side, at least `least`, with which `far` is enough; 0 if POWER_MOST are not.
 */
size_t power_units(struct power *p, double far, size_t least);

#endif
