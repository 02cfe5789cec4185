/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A check: the verdicts on the points of a comparison, and the numbers that they rest on.
 */
#ifndef ANALYSIS_COMPARE_CHECK_H
#define ANALYSIS_COMPARE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/compare/blocks.h"
#include "analysis/compare/diagnose.h"
#include "analysis/compare/failures.h"
#include "analysis/compare/tail.h"
#include "analysis/results/results.h"
#include "analysis/stats/interval.h"
#include "analysis/stats/power.h"

#define CHECK_THRESHOLD 0.02 /* where neither the plan nor the user names one */

/* What is said of a point, by a check or a bisection. */
enum verdict {
	VERDICT_OK,	      /* a change for the worse beyond the bound is ruled out */
	VERDICT_REGRESSION,   /* worse, beyond the bound */
	VERDICT_FAILS,	      /* it fails more often than the base; why says how often */
	VERDICT_IMPROVEMENT,  /* better, beyond the bound */
	VERDICT_DIFFERS,      /* beyond a bound, of what is not for better or worse by itself */
	VERDICT_WITHIN_BAND,  /* no more than the point moves anyway, but not ok without that */
	VERDICT_INCONCLUSIVE, /* why says why */
	VERDICT_SKIPPED, /* no kernel can do it here: nothing to compare, no part of the check */
};
#define NR_VERDICTS (VERDICT_SKIPPED + 1)

/* One value of one point on one kernel, against the base's. Indexes of two: the base, the kernel.
 */
struct check_row {
	size_t kernel, point;
	const struct metric *metric;
	double mean[2];
	size_t units[2]; /* that the interval rests on */
	bool by_boot;	 /* they are boots; else runs */
	bool paired;	 /* in blocks */
	bool exact;
	double change;		      /* kernel / base - 1; NaN if one is not there */
	double low, high;	      /* its interval; NaN if there is none */
	double low_bound, high_bound; /* what an interval must clear */
	double p;		      /* that the change is within the bounds, after Holm; NaN */
	struct ranks ranks;	      /* of the same units; p NaN: none */
	struct interval interval; /* of times and rates, that low and high come from; df 0: none */
	double *deviations;	  /* of its blocks (blocks.h), until they are pooled (pool.h) */
	double own_se, pooled;	  /* its error before that, 0: it is; what its df gained */
	double grain;  /* of a latency: a change as small is lost in its resolution; else 0 */
	double alarms; /* how often relabelled sessions raise one, a fraction; NaN if not asked for,
			    or not of A/A
			*/
	double detectable; /* the smallest change for the worse that is called one in 80 %; NaN */
	size_t needs;	   /* units a side with which none at all is called ok in 80 %; 0 */
	enum verdict verdict;
	char *why; /* of one that fails, is within its band, inconclusive, skipped, or of runs
		      (by_run); of a time that is ok, what it says nothing of; else NULL */
	struct failures failures;
	struct tail tail; /* of times and rates */
	struct diagnoses diagnoses;
};

struct check {
	const struct results *results; /* borrowed; one section of journals */
	bool several;		       /* there are checks of other sections beside it */
	bool modelled;		       /* it is of what a model says, and of nothing else */
	size_t base;
	double threshold;
	double tail;	  /* a share of runs that must not be missed where something is ok; 0 */
	bool by_run;	  /* runs are units, whatever boots there are: of these boots only */
	bool accept_band; /* what is within its band passes */
	bool relabel;	  /* rows say what relabelling gives (relabel.h) */
	const struct metric *const *metrics; /* to judge, borrowed; none: those of the table */
	size_t nr_metrics;
	bool all;		/* in that case: whatever tables show as well */
	struct check_row *rows; /* by kernel, then by point */
	size_t nr_rows;
	size_t judged; /* rows that Holm's adjustment is over */
	size_t count[NR_VERDICTS];
	struct power *power; /* designs that came up, so that each is worked out once */
	size_t nr_power;
};

#endif
