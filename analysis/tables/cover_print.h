/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One table of a cover letter, as table_cover.c fills it and cover.c prints it.
 */
#ifndef ANALYSIS_TABLES_COVER_PRINT_H
#define ANALYSIS_TABLES_COVER_PRINT_H

#include <stdio.h>

#include "analysis/compare/units.h"
#include "analysis/results/point_names.h"
#include "analysis/results/results.h"

struct group {
	char head[POINT_TEXT];
	size_t point;
	const struct metric *metric; /* of latencies, the rate of their role */
};

struct cover;

/* Whether the row's number, which is exact, is marked. */
typedef bool cover_mark(const struct cover *c, size_t row, const struct group *g);

/* Prints one table, and what its numbers mean under it. */
typedef void cover_layout(struct cover *c);

/* One table being made. */
struct cover {
	FILE *out;
	const struct results *r;
	size_t base;
	const char *title;
	const struct metric
		*metric;   /* what its numbers are of; of roles, each group's is like it */
	bool absolute;	   /* the base's row has numbers, not 0 % */
	bool latency;	   /* median and p99 of roles in place of that; else mean and stdev */
	const char *above; /* what all its points have in common */
	const char *key;   /* the parameter that heads the groups; NULL if they are roles */
	struct group *group;
	size_t nr_groups;
	size_t *row; /* kernels, the base first */
	size_t nr_rows;
	cover_layout *layout;	       /* NULL: cover_print() */
	cover_mark *mark;	       /* NULL: none is */
	void *arg;		       /* of mark */
	size_t first_width, col_width; /* set by cover_print() */
};

/*
 * Prints the tables of all points of c->r, each with one op and what varies in columns. The caller
 * has set out, r, base, title, rows, layout and mark. A layout of its own gets no table of
 * latencies. wanted: of which metric, of points that have it; NULL: of what ops and roles are
 * measured by.
 */
void cover_all(struct cover *c, const struct metric *wanted);

/* The parameter that heads the groups of a point's table: what varies over all points of its op. */
const char *cover_key(const struct results *results, size_t point);

/* The rows: all kernels, the base first. False without memory; the caller frees c->row. */
bool cover_rows(struct cover *c);

/* Prints the groups, in as many tables as the width of a mail asks for, and what they mean. */
void cover_print(struct cover *c);

/* Why the kernel of a row is not there; NULL if it is. */
const char *cover_skip(const struct cover *c, size_t row);

/* Any cell of the table that has numbers, or NULL; what its ops consist of, "op" if there is none.
 */
const struct result_cell *cover_some_cell(const struct cover *c);
const char *cover_per(const struct cover *c);

/* What is missing in the table, what meaning() prints about its numbers, what stands behind them.
 */
void cover_under(const struct cover *c,
		 void (*meaning)(const struct cover *c, const struct basis *basis));

#endif
