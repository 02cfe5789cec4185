/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often a session like this one raises an alarm although nothing is there: the same numbers,
 * with other labels.
 */
#ifndef ANALYSIS_STATS_PERMUTATION_H
#define ANALYSIS_STATS_PERMUTATION_H

#include <stdbool.h>
#include <stddef.h>

#define RELABEL_MOST 1024 /* of the ways to label; more are drawn, with a fixed seed */

/*
 * The share of ways to label the units in which the interval leaves out 0: kernels swapped within
 * some of the blocks if paired (all ways, up to RELABEL_MOST), else labels shuffled. Both must be
 * one kernel. NaN without memory or units.
 */
double relabel_alarms(const double *base, size_t nr_base, const double *other, size_t nr_other,
		      bool paired);

#endif
