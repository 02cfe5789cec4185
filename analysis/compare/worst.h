/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a kernel is worse than another anywhere, by exact counts: what a bisection asks.
 */
#ifndef ANALYSIS_COMPARE_WORST_H
#define ANALYSIS_COMPARE_WORST_H

#include <stddef.h>

#include "analysis/compare/check.h"
#include "analysis/results/results.h"

/*
 * Looks at the kernel instructions of all points: worse is OUTCOME_MORE (pairs.h) by at least
 * `limit` of the base's, a fraction. *ret_point is the point with the largest such change, or the
 * one that could not be compared; points that are skipped on both sides are left out.
 * VERDICT_REGRESSION: there is one; VERDICT_OK: all points that both have were compared, and none
 * is worse; else VERDICT_INCONCLUSIVE.
 */
enum verdict worst_of(const struct results *r, size_t base, size_t other, double limit,
		      size_t *ret_point, double *ret_change);

#endif
