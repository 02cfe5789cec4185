/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a kernel is worse than another anywhere, by exact counts: what a bisection asks.
 */
#ifndef ANALYSIS_COMPARE_WORST_H
#define ANALYSIS_COMPARE_WORST_H

#include <stddef.h>

#include "analysis/results/results.h"

enum worst {
	WORST_NOWHERE, /* all points that both have were compared, and none is worse by the limit */
	WORST_THERE,   /* at the point named, by the change given */
	WORST_OPEN,    /* at the point named that much is neither shown nor ruled out */
	WORST_UNKNOWN, /* no point is known to be worse, but one of them could not be compared */
};

/*
 * Looks at the kernel instructions of all points: worse is VERDICT_MORE (pairs.h) by at least
 * `limit` of the base's, a fraction; not worse is what has an interval that ends before it.
 * *ret_point is the point with the largest such change, else the one that could not be compared or
 * has no decision; points that are skipped on both sides are left out.
 */
enum worst worst_of(const struct results *r, size_t base, size_t other, double limit,
		    size_t *ret_point, double *ret_change);

#endif
