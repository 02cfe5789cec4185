/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much a metric of one cell differs from that of another, as `check` has it.
 */
#ifndef ANALYSIS_COMPARE_CHANGE_H
#define ANALYSIS_COMPARE_CHANGE_H

#include "analysis/results/results.h"

/* Relative to the first cell's mean, fractions; NaN for what is not there, infinite if that is 0.
 */
struct change {
	double change;
	double low, high; /* its interval */
};

/*
 * Of units of inference: by blocks_interval() at the nominal confidence of the results (times,
 * rates, counters), of exact metrics by pair_difference(). All NaN without memory, or if a cell,
 * which may be NULL, has no value.
 */
struct change change_of(const struct results *results, const struct result_cell *const cell[2],
			const struct metric *metric);

#endif
