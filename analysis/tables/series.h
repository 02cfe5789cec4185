/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of a patch series: the base and every patch as rows, each on top of those above, all
 * relative to the base.
 */
#ifndef ANALYSIS_TABLES_SERIES_H
#define ANALYSIS_TABLES_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/results/results.h"

/* Whether the kernels of these results are a series. */
bool series_in(const struct results *results);

/* The kernels of a series in the order of its patches, the base first; row has room for all of the
 * results. Returns how many there are. */
size_t series_rows(const struct results *results, size_t *row);

/*
 * Prints a table for each benchmark; what its numbers mean; the patches, and what of the counts
 * each of them moved against the one before it; times are not judged.
 * functions: of those that a patch moved, so many, 0 for none. title as for table_cover().
 */
void table_series(FILE *out, const struct results *results, const char *title, size_t functions);

#endif
