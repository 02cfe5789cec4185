/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters that are in no table, as they were refused.
 */
#ifndef ANALYSIS_TABLES_REFUSED_H
#define ANALYSIS_TABLES_REFUSED_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/results/results.h"

/*
 * Prints a blank line and each reason once, with the counters that never ran because of it, and
 * the kernels if it is not of all. Returns whether there was any.
 */
bool table_refused(FILE *out, const struct results *results);

/*
 * Why times have no counters of the CPU's beside them: the reason why each of those that was asked
 * for was refused, in all runs. NULL: some ran, or none was asked for.
 */
const char *refused_pmu(const struct results *results);

#endif
