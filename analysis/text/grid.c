// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/text/grid.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define GAP 2

void text_wrap(FILE *out, size_t at, size_t indent, const char *text)
{
	size_t word;
	bool first = true;

	while (*text) {
		text += strspn(text, " \n");
		word = strcspn(text, " \n");
		if (!word)
			break;
		if (!first && at + 1 + word > GRID_WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
			first = true;
		}
		fprintf(out, "%s%.*s", first ? "" : " ", (int)word, text);
		at += word + !first;
		first = false;
		text += word;
	}
	fputc('\n', out);
}

void text_wrapf(FILE *out, size_t indent, const char *fmt, ...)
{
	char *text;
	va_list ap;
	size_t at;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) >= 0) {
		at = strspn(text, " ");
		fprintf(out, "%*s", (int)at, "");
		text_wrap(out, at, indent, text);
		free(text);
	}
	va_end(ap);
}

void grid_column(struct grid *g, const char *head, bool left)
{
	if (g->nr_cols == GRID_COLS)
		return;
	g->col[g->nr_cols].head = head;
	g->col[g->nr_cols++].left = left;
}

void grid_row(struct grid *g)
{
	struct grid_row *more = realloc(g->rows, (g->nr_rows + 1) * sizeof(*more));

	if (!more)
		return;
	g->rows = more;
	more[g->nr_rows++] = (struct grid_row){0};
}

void grid_put(struct grid *g, const char *fmt, ...)
{
	struct grid_row *row = g->nr_rows ? &g->rows[g->nr_rows - 1] : NULL;
	va_list ap;

	if (!row || row->nr == g->nr_cols)
		return;
	va_start(ap, fmt);
	if (vasprintf(&row->cell[row->nr], fmt, ap) >= 0)
		row->nr++;
	va_end(ap);
}

void grid_span(struct grid *g, const char *text)
{
	grid_put(g, "%s", text);
	if (g->nr_rows)
		g->rows[g->nr_rows - 1].spans = true;
}

/* Cells of a row that belong to one column. */
static unsigned int plain_cells(const struct grid_row *row)
{
	return row->nr - row->spans;
}

/* 0 for a column without content. */
static size_t width_of(const struct grid *g, unsigned int col)
{
	size_t i, len, width = 0;

	for (i = 0; i < g->nr_rows; i++) {
		if (col >= plain_cells(&g->rows[i]))
			continue;
		len = strlen(g->rows[i].cell[col]);
		width = len > width ? len : width;
	}
	len = strlen(g->col[col].head);
	return width && len > width ? len : width;
}

/* Puts a cell behind what is pending of the line; blanks are held back, so that no line ends in
 * one. */
static void put_cell(FILE *out, size_t *pending, size_t *at, const char *text, size_t width,
		     bool left)
{
	size_t len = strlen(text), before = left ? 0 : width - len;

	if (*at + *pending)
		*pending += GAP;
	*pending += before;
	if (len) {
		fprintf(out, "%*s%s", (int)*pending, "", text);
		*at += *pending + len;
		*pending = 0;
	}
	*pending += width - len - before;
}

static void print_row(const struct grid *g, FILE *out, const size_t *width,
		      const struct grid_row *row)
{
	size_t pending = 0, at = 0;
	unsigned int c;

	if (row->nr)
		fprintf(out, "%*s", (int)g->indent, "");
	for (c = 0; c < plain_cells(row); c++)
		if (width[c])
			put_cell(out, &pending, &at, row->cell[c], width[c], g->col[c].left);
	if (row->spans) {
		if (at + pending)
			pending += GAP;
		fprintf(out, "%*s", (int)pending, "");
		at += pending + g->indent;
		text_wrap(out, at, at, row->cell[c]);
	} else {
		fputc('\n', out);
	}
}

static size_t grid_width(const struct grid *g)
{
	size_t width = 0;
	unsigned int c;

	for (c = 0; c < g->nr_cols; c++)
		if (width_of(g, c))
			width += width_of(g, c) + (width ? GAP : 0);
	return width;
}

void grid_fit(struct grid *g, FILE *out, unsigned int base, unsigned int other)
{
	const char *heads[2] = {g->col[base].head, g->col[other].head};
	size_t width = grid_width(g);

	if (!other || width <= GRID_WIDTH)
		return;
	g->col[base].head = "base";
	g->col[other].head = "other";
	if (grid_width(g) < width) {
		text_wrapf(out, 2, "base: %s, other: %s", heads[0], heads[1]);
		return;
	}
	g->col[base].head = heads[0];
	g->col[other].head = heads[1];
}

void text_rule(FILE *out, size_t nr)
{
	while (nr--)
		fputc('-', out);
}

void text_head(FILE *out, const char *title)
{
	fprintf(out, "%s\n", title);
	text_rule(out, strlen(title));
	fputs("\n\n", out);
}

void grid_print(const struct grid *g, FILE *out)
{
	size_t width[GRID_COLS], pending = 0, at = 0, i, rule = 0;
	unsigned int c;

	fprintf(out, "%*s", (int)g->indent, "");
	for (c = 0; c < g->nr_cols; c++) {
		width[c] = width_of(g, c);
		if (!width[c])
			continue;
		put_cell(out, &pending, &at, g->col[c].head, width[c], g->col[c].left);
		if (g->col[c].head[0])
			rule = at + pending;
	}
	if (rule) {
		fprintf(out, "\n%*s", (int)g->indent, "");
		text_rule(out, rule);
		fputc('\n', out);
	}
	for (i = 0; i < g->nr_rows; i++)
		print_row(g, out, width, &g->rows[i]);
}

void grid_free(struct grid *g)
{
	unsigned int c;
	size_t i;

	for (i = 0; i < g->nr_rows; i++)
		for (c = 0; c < g->rows[i].nr; c++)
			free(g->rows[i].cell[c]);
	free(g->rows);
	*g = (struct grid){0};
}
