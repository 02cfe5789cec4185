/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tables of table_absolute() share: this file makes the rows of times, absolute_roles.c
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

/* One table being made: points of one family (contended ones: of one variant) on one kernel. */
struct absolute {
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
	bool times, per, rates, bytes, latency, units, paths;
	size_t emulated; /* points */
	double resolution_ns;
};

/* The cell of the i-th point of the table, or NULL. */
const struct result_cell *absolute_cell(const struct absolute *b, size_t i);

/* Puts the mark of a footnote for runs left out and warnings; an empty cell if there is none. */
void absolute_mark(struct absolute *b, const struct result_cell *cell);

/* Puts a fraction as "1.1%". */
void absolute_percent(struct absolute *b, double fraction);

/* Puts the status in place of numbers. Returns false if the cell has numbers. */
bool absolute_trouble(struct absolute *b, const struct result_cell *cell);

/* Counts a cell whose numbers are in the table. */
void legend_cell(struct legend *legend, const struct result_cell *cell);

/* What ops of the table consist of, if all its points agree; else "unit". */
const char *absolute_per(const struct absolute *b);

/* Print all rows: a row a point; a row a role of each point. */
void absolute_times(struct absolute *b, struct legend *legend);
void absolute_contended(struct absolute *b, struct legend *legend);

/* Is the parameter the number of workers of a role, which the rows of absolute_contended() name? */
bool absolute_names_role(const struct absolute *b, const char *name);

#endif
