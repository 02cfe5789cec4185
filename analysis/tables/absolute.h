/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table that `faultbench run` prints: what was measured, in absolute numbers.
 */
#ifndef ANALYSIS_TABLES_ABSOLUTE_H
#define ANALYSIS_TABLES_ABSOLUTE_H

#include <stdio.h>

#include "analysis/results/results.h"

/* Prints a table for each kernel and family, and under them what the numbers are. */
void table_absolute(FILE *out, const struct results *results);

#endif
