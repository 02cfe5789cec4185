/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text for mails: aligned columns and wrapped lines, at most GRID_WIDTH wide where the content
 * allows.
 */
#ifndef ANALYSIS_TEXT_GRID_H
#define ANALYSIS_TEXT_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define GRID_WIDTH 78
#define GRID_COLS  24

struct grid_row {
	char *cell[GRID_COLS];
	unsigned int nr;
	bool spans; /* the last cell takes the rest of the line, wrapped */
};

/* A table being made. Zero it; a column that stays empty in all rows is not printed. */
struct grid {
	struct {
		const char *head; /* borrowed */
		bool left;	  /* aligned left; else right */
	} col[GRID_COLS];
	unsigned int nr_cols;
	struct grid_row *rows;
	size_t nr_rows;
	unsigned int indent; /* of every line */
};

void grid_column(struct grid *g, const char *head, bool left);

/* Starts a row; grid_put() then fills its cells from the left. A row without cells is a blank line.
 */
void grid_row(struct grid *g);
void grid_put(struct grid *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The rest of the row is this text instead of numbers. */
void grid_span(struct grid *g, const char *text);

/*
 * Where a grid is wider than GRID_WIDTH because of the labels of kernels that head two columns,
 * these are headed "base" and "other" instead, and a line printed that says so. None if other is 0.
 */
void grid_fit(struct grid *g, FILE *out, unsigned int base, unsigned int other);

/* Head, rule (both only if there is a column to stand over), rows. */
void grid_print(const struct grid *g, FILE *out);

void grid_free(struct grid *g);

/* Prints so many dashes. */
void text_rule(FILE *out, size_t nr);

/* A title, underlined, and a blank line. */
void text_head(FILE *out, const char *title);

/*
 * Prints text from column `at` on and ends the line; breaks at blanks so that no line is wider than
 * GRID_WIDTH, further lines indented by `indent`.
 */
void text_wrap(FILE *out, size_t at, size_t indent, const char *text);

/* text_wrap() of a whole paragraph, which may begin with blanks. */
void text_wrapf(FILE *out, size_t indent, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
