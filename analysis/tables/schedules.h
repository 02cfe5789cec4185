/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts of ops whose workers meet: a number each time in which order they ran. Boots of a machine
 * with several vCPUs are schedules, and this is how their counts are distributed.
 */
#ifndef ANALYSIS_TABLES_SCHEDULES_H
#define ANALYSIS_TABLES_SCHEDULES_H

#include <stdio.h>

#include "analysis/compare/pairs.h"

/* Of a pair of kernels, or of the base alone: least, median and most over the runs. */
void schedules_print(FILE *out, const struct results *results, size_t base, size_t other,
		     const struct pair *pair);

/* What has to be said of them. */
void schedules_legend(FILE *out);

#endif
