/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kernel functions an op's instructions were executed in, on one kernel or on two.
 */
#ifndef ANALYSIS_TABLES_FUNCTIONS_H
#define ANALYSIS_TABLES_FUNCTIONS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/results/results.h"

#define FUNCTIONS_SHOWN 15 /* unless told otherwise */

struct function {
	const char *name; /* borrowed from the journal */
	double part[2];	  /* an op's, without those of functions it calls; 0 if it is not there */
	double calls[2];  /* an op; 0 if unknown */
	bool there[2];
};

/* Zero it to start. */
struct functions {
	const char *lines; /* NULL: instructions; "lines": those that it is the first to touch */
	struct function *list;
	size_t nr, room;
	json_t *index; /* name: its number */
};

/* Adds the functions of a run (struct run_record) to a side, 0 or 1, times weight. */
void functions_add(struct functions *f, unsigned int side, const json_t *functions, double weight);

/* The same of all ok runs of a cell, so that they sum up to its mean. False if a run has none. */
bool functions_add_cell(struct functions *f, unsigned int side, const struct result_cell *cell);

/*
 * Prints those `most` that differ most in instructions, or in lines, or, where label[1] is NULL,
 * those that have most; then the others as one and the total, in whole ones whose columns add up.
 * total is the kernel instructions of the op, or the lines that it touches.
 */
void functions_print(FILE *out, struct functions *f, const char *const label[2],
		     const double total[2], size_t most, unsigned int indent);

/*
 * The same of two kernels' boots of a point that come in pairs, or of the base alone where both are
 * the same; or a line that says why there is nothing to print. lines: of lines.
 */
void functions_of_pair(FILE *out, const struct results *r, size_t base, size_t other, size_t point,
		       size_t most, bool lines);

void functions_free(struct functions *f);

#endif
