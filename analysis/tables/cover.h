/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of a cover letter: kernels as rows, relative to one of them.
 */
#ifndef ANALYSIS_TABLES_COVER_H
#define ANALYSIS_TABLES_COVER_H

#include <stdio.h>

#include "analysis/results/results.h"
#include "analysis/tables/cover_print.h"

/*
 * Prints a table for each benchmark, and what its numbers mean under it. base is the index of the
 * kernel that the others are relative to; title names the machine, NULL for its CPU's name. metric:
 * of what, NULL for what ops and roles are measured by; layout NULL: the cover letter's.
 */
void table_cover(FILE *out, const struct results *results, size_t base, const char *title,
		 const struct metric *metric, cover_layout *layout);

#endif
