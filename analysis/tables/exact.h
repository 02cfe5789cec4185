/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of exact runs: what an op executes, and what another kernel changes about it.
 */
#ifndef ANALYSIS_TABLES_EXACT_H
#define ANALYSIS_TABLES_EXACT_H

#include <stddef.h>
#include <stdio.h>

#include "analysis/results/results.h"

/*
 * Prints for each point a grid for every kernel but the base, compared with it, or the base alone
 * where there is no other; under them what the numbers are; then the kernel functions behind each,
 * at most so many, 0 for none, and as many as `lines` of those that were the first to touch its
 * lines. base is the index of a kernel; title names the machine, NULL for its CPU's name.
 */
void table_exact(FILE *out, const struct results *results, size_t base, const char *title,
		 size_t functions, size_t lines);

/* The line that takes the place of functions where no run has any. */
void table_no_functions(FILE *out);

#endif
