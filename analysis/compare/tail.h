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

#define TAIL_BOUND  0.005 /* one-sided; with what else there is of noise it makes 1 % */
#define TAIL_ALPHA  0.05  /* family-wise, of all rows of one kernel */
#define TAIL_DEMAND 0.01  /* how often what must not be missed is */

/* Of a row; indexes of two: the base, the kernel. */
struct tail {
	bool by_boot;	  /* trials are boots; else runs */
	size_t trials[2]; /* with a value */
	size_t runs;	  /* likewise, of the kernel */
	size_t slow[2];	  /* trials that are slow, or have a slow run */
	size_t apart;	  /* of the kernel: with a run, or an iteration, that is unlike most */
	double may_be;	  /* its mean may be worse by that, with as many as there may be */
	double p;	  /* of fisher_more() of the slow */
	bool more;	  /* it has significantly more of them, as tail_judge() says */
};

/*
 * A run is slow if it is worse than the median of its kernel's runs by TAIL_FAR and by TAIL_SDS
 * standard deviations, as the median of their distances has these. It is unlike most if it is by
 * the latter, or if its worst iteration takes TAIL_ITERATION times what that of most runs does.
 */
#define TAIL_FAR       0.25
#define TAIL_SDS       5
#define TAIL_ITERATION 2
void tail_of(struct tail *ret, const struct sequence s[2], const struct metric *metric,
	     bool by_boot);

/* Sets `more` of nr rows of one kernel: p, after Holm, at most TAIL_ALPHA. */
void tail_judge(struct tail *const *of, size_t nr);

/*
 * Why nothing can be called ok, malloc'ed, or NULL: there are significantly more slow ones than on
 * the base, or with as many unlike most as there may be, at TAIL_BOUND, a change of the mean that
 * is `worse` now is not below a bound (fractions); or what happens in a share of runs that must not
 * be missed (0: none) is in none of so few in TAIL_DEMAND of cases or more.
 */
char *tail_why(const struct tail *tail, const char *const label[2], double worse, double bound,
	       double share);

/*
 * What no method sees, malloc'ed, or NULL without memory or trials: what happens in less than a
 * share of units may be in none of them, in 5 % of cases or more.
 */
char *tail_unseen(const struct tail *tail);

#endif
