/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs that are far slower than most of their kernel's: where one kernel has more of them than the
 * other, that is a change, though the means may not show one.
 */
#ifndef ANALYSIS_COMPARE_TAIL_H
#define ANALYSIS_COMPARE_TAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/compare/units.h"

#define TAIL_BOUND 0.01 /* one-sided */
#define TAIL_ALPHA 0.05 /* family-wise, of all rows of one kernel */

/* Of a row; indexes of two: the base, the kernel. */
struct tail {
	bool by_boot;	  /* trials are boots; else runs */
	size_t trials[2]; /* with a value */
	size_t slow[2];	  /* of these: slow, or with a slow run */
	double far[2];	  /* by what share the mean of these is worse than the median; 0 */
	double p;	  /* of fisher_more() of the trials */
	bool more;	  /* it has significantly more of them, as tail_judge() says */
};

/*
 * A run is slow if it is worse than the median of its kernel's runs by TAIL_FAR and by TAIL_SDS
 * standard deviations, as the median of their distances has these.
 */
#define TAIL_FAR 0.25
#define TAIL_SDS 5
void tail_of(struct tail *ret, const struct sequence s[2], const struct metric *metric,
	     bool by_boot);

/* Sets `more` of nr rows of one kernel: p, after Holm, at most TAIL_ALPHA. */
void tail_judge(struct tail *const *of, size_t nr);

/*
 * Why nothing can be called ok, malloc'ed, or NULL: there are significantly more slow ones than on
 * the base, or so many there may be, at TAIL_BOUND, that a change of the mean that is `worse` now
 * is not below a bound (fractions).
 */
char *tail_why(const struct tail *tail, const char *const label[2], double worse, double bound);

/* What happens in less than this share of units is in none of n of them in 5 % of cases or more. */
double tail_unseen(size_t n);

#endif
