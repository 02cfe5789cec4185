/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The block under the tables of times: perf counters, and what moved in /proc/vmstat, of one op.
 */
#ifndef ANALYSIS_TABLES_COUNTERS_H
#define ANALYSIS_TABLES_COUNTERS_H

#include <stdio.h>

#include "analysis/results/results.h"

/*
 * Print, for each family, the rows of the metrics that are `shown` (metric.h) and not 0 throughout;
 * which of the counters are 0; which were refused and why, each reason once; and what the numbers
 * are. Nothing if no run has any. Absolute, for each kernel; or of every kernel but the base and
 * its other layouts, means, changes and their intervals.
 */
void table_counters(FILE *out, const struct results *results);
void table_counter_changes(FILE *out, const struct results *results, size_t base);

#endif
