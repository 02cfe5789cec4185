/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What exact runs count, in the order of tables.
 */
#ifndef ANALYSIS_RESULTS_EXACT_COUNTS_H
#define ANALYSIS_RESULTS_EXACT_COUNTS_H

#include <stdbool.h>

struct figure_row {
	const char *name; /* "kernel insns"; NULL ends the list */
	int value;	  /* RESULT_OP or RESULT_FIGURE() */
	bool apart;	  /* not the op's own instructions in the kernel */
	bool judged;	  /* repeats, so that a difference says something */
};

extern const struct figure_row figure_rows[];

#endif
