/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a design can find: the noise of each point, the change it finds, how often it is wrong.
 */
#ifndef ANALYSIS_VERDICTS_POWER_H
#define ANALYSIS_VERDICTS_POWER_H

#include <stdio.h>

#include "analysis/compare/verdict.h"

/*
 * Prints a table of the rows of a check made with relabel; effect: a change for the worse
 * (fraction, above 0; NaN: 1.5 times the threshold) for which the boots that find it are told.
 * Returns how many rows have numbers.
 */
size_t table_power(FILE *out, struct check *check, double effect);

#endif
