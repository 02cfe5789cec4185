/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row of a check: its numbers, then, when all rows have theirs, its verdict.
 */
#ifndef ANALYSIS_CHECK_ROW_H
#define ANALYSIS_CHECK_ROW_H

#include "analysis/check.h"

/* Fills in means, interval and p (before Holm) of two cells with ok runs; side as for run_value().
 */
void check_row_fill(struct check *check, struct check_row *row,
		    const struct result_cell *const cell[2], const char *const label[2],
		    const int side[2]);

/* Adjusts p over all rows and gives each its verdict. */
void check_judge(struct check *check);

#endif
