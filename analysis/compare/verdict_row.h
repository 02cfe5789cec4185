/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row of a check: its numbers.
 */
#ifndef ANALYSIS_COMPARE_VERDICT_ROW_H
#define ANALYSIS_COMPARE_VERDICT_ROW_H

#include "analysis/compare/check.h"

/* Fills in means, interval and p (before Holm) of two cells with ok runs. */
void check_row_fill(struct check *check, struct check_row *row,
		    const struct result_cell *const cell[2], const char *const label[2]);

/* Says why a row has no verdict, or not a better one; the first reason stays. */
void check_row_why(struct check_row *row, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What a kind of design finds at level alpha, worked out once for all rows. NULL without memory. */
struct power *check_power(struct check *check, bool paired, double alpha, double pilot_df);

/* Is the row's kernel the base once more, as `run --aa` has it: label L' beside L? */
bool check_is_aa(const struct check *check, const struct check_row *row);

#endif
