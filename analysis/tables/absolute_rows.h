/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the blocks of table_absolute() share: absolute.c makes the rows of times, absolute_contend.c
 * those of contended points.
 */
#ifndef ANALYSIS_TABLES_ABSOLUTE_ROWS_H
#define ANALYSIS_TABLES_ABSOLUTE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/compare/units.h"
#include "analysis/results/point_names.h"
#include "analysis/results/results.h"
#include "analysis/text/grid.h"

/* One block being made: points of one family (contended ones: of one variant) on one kernel. */
struct block {
	FILE *out;
	const struct results *r;
	size_t kernel;
	size_t *point; /* indexes of results->points */
	size_t nr;
	struct params params;
	struct grid grid;
	struct warnings foot;
};

/* What appeared anywhere in the tables, so that only that is explained. */
struct legend {
	struct basis basis;
	bool times, per, rates, latency, paths;
	size_t emulated; /* points */
	double resolution_ns, clock_ns;
};

/* The cell of the i-th point of the block, or NULL. */
const struct result_cell *block_cell(const struct block *b, size_t i);

/* Puts the mark of a footnote for runs left out and warnings; an empty cell if there is none. */
void block_mark(struct block *b, const struct result_cell *cell);

/* Puts a fraction as "1.1%". */
void block_percent(struct block *b, double fraction);

/* Puts the status in place of numbers. Returns false if the cell has numbers. */
bool block_trouble(struct block *b, const struct result_cell *cell);

/* Counts a cell whose numbers are in the table. */
void legend_cell(struct legend *legend, const struct result_cell *cell);

/* Print all rows: a row a point; a row a role of each point. */
void block_times(struct block *b, struct legend *legend);
void block_contended(struct block *b, struct legend *legend);

/* Is the parameter the number of workers of a role, which the rows of block_contended() name? */
bool block_names_role(const struct block *b, const char *name);

#endif
