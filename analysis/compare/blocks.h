/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of two kernels that a comparison of times is made of: pairs, where boots were started
 * in turn, or just two samples.
 */
#ifndef ANALYSIS_COMPARE_BLOCKS_H
#define ANALYSIS_COMPARE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/compare/units.h"
#include "analysis/stats/interval.h"

/*
 * Boots of one number are a block if they are known to lie side by side in time, so that what
 * changes meanwhile is in both, and of one host. Another host's boots are of no concern. If they
 * do, but for one in BLOCKS_TORN (a boot that failed is repeated later), the values are those of
 * the boots that both kernels have, paired.
 */
#define BLOCKS_TORN 4

struct blocks {
	double *value[2]; /* above 0, unless the metric may be 0 or below */
	double *at[2];	  /* when they were measured (units_times()) */
	double session;	  /* how long that took; NaN if it is not known when */
	size_t nr[2];	  /* equal if paired */
	bool by_boot;	  /* boot means, both kernels having several; else run means */
	bool paired;
	bool harmonic;	      /* the mean of these values is */
	size_t left_out;      /* boots that have no other half */
	const char *hosts[2]; /* two that values are from which are not paired within each, and so
				 say nothing; else NULL */
};

/* Units are boots where both have several, unless runs are asked for. False without memory. */
bool blocks_of(struct blocks *ret, const struct sequence s[2], const struct metric *metric,
	       bool by_run);

/*
 * Of the second kernel's change against the first, which is that of their metric_mean(): by paired
 * t, or Welch's, as it is and with the trend over time taken out (trend.h).
 */
struct interval blocks_interval(const struct blocks *b);

/*
 * By how much the two values of each pair differ, as shares of their kernels' means, which is what
 * the interval's error is made of; malloc'ed. NULL if they are not paired, or not all above 0.
 */
double *blocks_deviations(const struct blocks *b);

/*
 * p of a test by ranks that the second is above the first as often as below, and how small it can
 * be of so few: signed_rank() of what pairs differ by, else mann_whitney(). NaN without values.
 */
struct ranks {
	double p, least;
};
struct ranks blocks_ranks(const struct blocks *b);

/*
 * What they have in common over time, of logarithms where all are above 0. False without one: it is
 * not known when they were measured, or they are too few.
 */
struct trend;
bool blocks_trend(const struct blocks *b, struct trend *ret);

/* Of one kernel's metric_mean(), with 1 as the base (interval_mean()). */
struct interval units_interval(const struct metric *metric, const double *units, size_t n);

void blocks_free(struct blocks *b);

#endif
