/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When enough has been measured, if the data are to say so (`run --until`): the sequential rule
 * UNTIL_RULE, and how wide the intervals are that it goes by.
 *
 * After UNTIL_BOOTS or UNTIL_RUNS units, and again after each eighth more of them, but at least
 * one, it looks at Student's intervals, and a point whose interval is narrow enough gets no more
 * (Chow, Robbins, Annals of Mathematical Statistics 36, 1965; the least number of units is Stein's
 * first stage, Annals of Mathematical Statistics 16, 1945). Whoever stops where an interval happens
 * to be narrow has often underestimated the noise, so what holds the truth in INTERVAL_CONFIDENCE
 * of cases is an interval of UNTIL_CONFIDENCE: docs/verdicts.md shows the simulations that chose
 * it.
 */
#ifndef ANALYSIS_COMPARE_STOPPING_H
#define ANALYSIS_COMPARE_STOPPING_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/compare/confidence.h"
#include "analysis/results/results.h"

#define UNTIL_RULE                                                                    \
	"chow-robbins-97"    /* as journals have it: all of what is defined here, and \
				UNTIL_CONFIDENCE */
#define UNTIL_BOOTS	 8   /* units below which nothing ends: boots of each kernel, */
#define UNTIL_COUNTS	 4   /* those of an exact machine, whose intervals are of 99 %, */
#define UNTIL_RUNS	 16  /* or runs, one of which says less than a boot */
#define UNTIL_MOST_BOOTS 64  /* units at which it ends in any case, */
#define UNTIL_MOST_RUNS	 256 /* unless the plan has more */

/* The number of units at which to look next, after a look at `units` of them; least as above. */
int until_next(int units, int least);

/* What `check` will say of kernels whose changes have an interval as wide as that. */
struct until_promise {
	double threshold; /* its own, a fraction */
	double finds; /* the smallest change that POWER_PROMISED call a regression, a fraction */
	double ok;    /* how often it calls no change at all ok */
};

/* half: of the interval, relative; of UNTIL_BOOTS boots in blocks. threshold NAN: CHECK_THRESHOLD.
 */
struct until_promise until_promise(double half, double threshold);

/* What is known of one point. */
struct until_point {
	double half;  /* half the interval, relative to the value: 0.01 is 1 %; NaN: none yet */
	size_t units; /* behind it, of the kernel that has fewest */
	bool nothing; /* there is nothing to compare, whatever is added: no ok run of a kernel */
};

/*
 * Looks at all points of results, and sets ret[] (room for results->nr_points). Intervals are those
 * of the change of each kernel against the first, as `check` has them; or, kernel >= 0, that of
 * this kernel's mean. The widest of a point counts: of times, rates of each role, or kernel
 * instructions, not of latencies. by_boot: units are boots, else runs. False without memory.
 */
bool until_look(const struct results *results, long kernel, bool by_boot, struct until_point *ret);

#endif
