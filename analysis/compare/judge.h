/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdicts of a check, when all of its rows have their numbers.
 */
#ifndef ANALYSIS_COMPARE_JUDGE_H
#define ANALYSIS_COMPARE_JUDGE_H

#include "analysis/compare/check.h"

/* Adjusts p over all rows and gives each its verdict. */
void check_judge(struct check *check);

#endif
