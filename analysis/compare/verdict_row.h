/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row of a check: its numbers.
 */
#ifndef ANALYSIS_COMPARE_VERDICT_ROW_H
#define ANALYSIS_COMPARE_VERDICT_ROW_H

#include "analysis/compare/check.h"

/* Fills in what two cells with ok runs show of a metric, but for what an interval comes to. */
void check_row_fill(struct check *check, struct check_row *row,
		    const struct result_cell *const cell[2], const char *const label[2]);

/* Fills in what the interval of times or rates comes to: ends, p (before Holm) and power. */
void check_row_settle(struct check *check, struct check_row *row);

/* Says why a row has no verdict, or not a better one; the first reason stays. */
void check_row_why(struct check_row *row, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What a kind of design says, worked out once for all rows. NULL without memory. */
struct power *check_power(struct check *check, const struct power_design *design);

/* The design of a row with an interval, for such a claim. */
struct power_design check_row_design(const struct check *check, const struct check_row *row,
				     enum power_claim claim);

/*
 * How far a change for the worse is beyond the row's bound, or (0) the bound from no change: in
 * noises, as power.h takes it. 0 or below: not at all.
 */
double check_row_far(const struct check_row *row, double change);

/* The change for the worse that is so far beyond the bound, a fraction, above 0. */
double check_row_change(const struct check_row *row, double far);

/* Is the row's kernel the base once more, as `run --aa` has it: label L' beside L? */
bool check_is_aa(const struct check *check, const struct check_row *row);

#endif
