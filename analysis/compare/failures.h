/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What did not work on the way to a comparison: runs that failed, were void or never came. Those
 * that are left are no sample of all, so the more there are of these on one side, the less can be
 * said of the times of the others; and where a kernel fails more often than the base, that is a
 * finding by itself.
 */
#ifndef ANALYSIS_COMPARE_FAILURES_H
#define ANALYSIS_COMPARE_FAILURES_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/results.h"

#define FAILURES_ALPHA 0.05 /* family-wise, of all points of one kernel */

/* Of a point; indexes of two: the base, the kernel. */
struct failures {
	bool by_boot;	    /* trials are boots, where both have several; else runs */
	size_t trials[2];   /* that were not skipped */
	size_t failed[2];   /* of these: with a run in which the kernel failed */
	size_t broken[2];   /* runs in which the kernel failed */
	size_t censored[2]; /* runs that had no end within the time limit */
	size_t lost[2];	    /* runs that failed, were void for whatever reason, or never came */
	double p;	    /* of fisher_more() of the trials */
	bool more;	    /* it fails significantly more often, as failures_judge() says */
};

/* Zeroed where a cell, which may be NULL, is skipped altogether. */
void failures_of(struct failures *ret, const struct results *results, const size_t kernel[2],
		 size_t point);

/*
 * Sets `more` of nr points of one kernel against one base. Family-wise FAILURES_ALPHA, half of it
 * for each of two ways: Holm's adjustment over the points that have failures (one of them fails by
 * itself), and p of boots (or runs) with a failure at any point, which, if it is below, stands for
 * all points whose own p is at most FAILURES_ALPHA (a boot that crashes takes all points with it).
 * Where trials are runs of one boot, which depend on each other, that takes by_run.
 */
void failures_judge(struct failures *const *of, size_t nr, const struct results *results,
		    const size_t kernel[2], bool by_run);

/*
 * Why nothing can be called ok: one side lost more, or runs are censored or failed, if as many on
 * both: they may be the slow ones of one, and any of the other. Of runs that were void on both
 * nothing is claimed. Malloc'ed, or NULL.
 */
char *failures_why(const struct failures *f, const char *const label[2]);

#endif
