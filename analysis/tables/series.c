// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/bands.h"
#include "analysis/compare/pairs.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/point_names.h"
#include "analysis/tables/cover_print.h"
#include "analysis/tables/functions.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"

#define HASH_LEN 12 /* of a commit */

struct series {
	struct cover cover; /* its rows are the patches, the base first */
	const struct results *r;
	struct params params; /* of all points */
	size_t nr_layouts;    /* kernels that are the base with another layout */
};

static const struct kernel_record *about(const struct cover *c, size_t row)
{
	return &c->r->kernels[c->row[row]].about;
}

bool series_in(const struct results *r)
{
	size_t k;

	for (k = 0; k < r->nr_kernels; k++)
		if (r->kernels[k].about.in_series)
			return true;
	return false;
}

/* The row before it that is there: what a patch is compared with. 0 is the base. */
static size_t row_before(const struct cover *c, size_t row)
{
	while (--row && about(c, row)->skip)
		;
	return row;
}

/*
 * The row above that has numbers of a point, which a patch is compared with there; the base's if
 * there is none.
 */
static size_t row_known(const struct cover *c, size_t row, size_t point)
{
	const struct result_cell *cell;

	do {
		row = row_before(c, row);
		cell = results_cell(c->r, c->row[row], point);
	} while (row && !(cell && cell->nr_ok));
	return row;
}

/* How a row differs from the one before it. */
enum move {
	STAYED,
	IN_BAND, /* no more than another layout does */
	MOVED
};

static enum move move_of(const struct series *s, size_t row, size_t point,
			 const struct metric *metric, struct difference *ret)
{
	const struct cover *c = &s->cover;
	size_t before = row ? row_known(c, row, point) : 0;
	struct band band;
	struct pair pair;

	if (!metric)
		return STAYED;
	pair_cells(&pair, results_cell(s->r, c->row[before], point),
		   results_cell(s->r, c->row[row], point));
	pair_difference(&pair, metric, ret);
	pair_free(&pair);
	if (!row || (ret->outcome != OUTCOME_MORE && ret->outcome != OUTCOME_LESS))
		return STAYED;
	bands_layouts(s->r, point, metric, &band);
	return ret->change >= band.low && ret->change <= band.high ? IN_BAND : MOVED;
}

static bool is_marked(const struct cover *c, size_t row, const struct group *g)
{
	struct difference d;

	return move_of(c->arg, row, g->point, g->metric, &d) == MOVED;
}

static void print_point(FILE *out, const struct series *s, size_t point)
{
	char *name = params_name(&s->params, s->r->points[point]);

	fprintf(out, "%s", name ? name : "?");
	free(name);
}

/* "fork order-0: kernel-insns +9.10%, loads +12.0%"; nothing if nothing moved. */
static void print_moves(const struct series *s, size_t row, size_t point)
{
	const struct metrics *metrics = &s->r->metrics;
	char *text = NULL, percent[NUMBER_TEXT];
	size_t size, nr = 0, i;
	FILE *out = open_memstream(&text, &size);
	size_t known = row_known(&s->cover, row, point);
	const char *since = known == row_before(&s->cover, row)
				    ? NULL
				    : s->r->kernels[s->cover.row[known]].label;
	struct difference d;
	enum move move;

	for (i = 0; out && i < metrics->nr; i++) {
		move = metrics->of[i]->kind == METRIC_EXACT
			       ? move_of(s, row, point, metrics->of[i], &d)
			       : STAYED;
		if (move == STAYED)
			continue;
		if (!nr)
			print_point(out, s, point);
		fprintf(out, "%s %s %s%s", nr++ ? "," : ":", metrics->of[i]->name,
			isinf(d.change) ? "new" : number_percent(d.change, true, percent),
			move == IN_BAND ? " (inside the layout band)" : "");
	}
	if (out)
		fclose(out);
	if (nr)
		text_wrapf(s->cover.out, 8, "      %s%s%s%s", text, since ? " (since " : "",
			   since ? since : "", since ? ", the last with numbers)" : "");
	free(text);
}

/* Whether a row's kernel is, byte for byte, that of the row before it. */
static bool same_image(const struct series *s, size_t row)
{
	const char *is = about(&s->cover, row)->sha256, *was = NULL;

	if (row)
		was = about(&s->cover, row_before(&s->cover, row))->sha256;
	return is && was && !strcmp(is, was);
}

static void print_patch(const struct series *s, size_t row, bool exact)
{
	const struct kernel_record *a = about(&s->cover, row);
	size_t p;

	text_wrapf(s->cover.out, 6, "  %s %.*s %s", a->label, HASH_LEN, a->commit ? a->commit : "?",
		   a->subject ? a->subject : "?");
	if (a->skip)
		text_wrapf(s->cover.out, 8, "      skip: %s", a->skip);
	if (same_image(s, row))
		text_wrapf(s->cover.out, 8, "      the same image as the row above");
	for (p = 0; exact && !a->skip && row && p < s->r->nr_points; p++)
		print_moves(s, row, p);
}

static void print_band(const struct series *s)
{
	char from[NUMBER_TEXT], to[NUMBER_TEXT];
	struct band band;
	size_t p;

	if (!s->nr_layouts)
		return;
	fprintf(s->cover.out, "\n");
	text_wrapf(s->cover.out, 2,
		   "Layout band: kernel-insns of %s built %zu more time%s, with functions aligned "
		   "otherwise and no change in source.",
		   s->r->kernels[s->cover.base].label, s->nr_layouts,
		   s->nr_layouts == 1 ? "" : "s");
	for (p = 0; p < s->r->nr_points; p++) {
		bands_layouts(s->r, p, results_op(s->r, p), &band);
		fprintf(s->cover.out, "  ");
		print_point(s->cover.out, s, p);
		fprintf(s->cover.out, ": %s to %s\n", number_percent(band.low, true, from),
			number_percent(band.high, true, to));
	}
}

static void print_legend(const struct series *s, bool exact)
{
	FILE *out = s->cover.out;

	if (exact)
		text_wrapf(out, 0,
			   "*: moved by the patch of its row. Against the row above, or the last "
			   "that has numbers, the %.0f %% "
			   "confidence interval (Student's t) of the paired differences leaves out "
			   "0, and they are %.2f %% or more.",
			   PAIRS_CONFIDENCE * 100, PAIRS_RESOLUTION * 100);
	else
		text_wrapf(out, 0,
			   "Which patch moved a time is not judged here; exact mode says it of "
			   "counts.");
	text_wrapf(out, 0, "Each row has the patches of the rows above it.");
}

/* Functions behind what a patch moved, against the row before it. */
static void print_functions(const struct series *s, size_t most)
{
	const struct cover *c = &s->cover;
	struct difference d;
	size_t row, p;

	for (row = 1; row < c->nr_rows; row++) {
		for (p = 0; p < s->r->nr_points; p++) {
			if (move_of(s, row, p, results_op(s->r, p), &d) != MOVED)
				continue;
			fprintf(c->out, "\n%s, ", s->r->kernels[c->row[row]].label);
			print_point(c->out, s, p);
			fprintf(c->out, "\n");
			functions_of_pair(c->out, s->r, c->row[row_known(c, row, p)], c->row[row],
					  p, most, false);
		}
	}
}

size_t series_rows(const struct results *r, size_t *row)
{
	const struct kernel_record *a;
	size_t k, rows = 0, patch;

	for (patch = 0; patch <= r->nr_kernels; patch++) {
		for (k = 0; k < r->nr_kernels; k++) {
			a = &r->kernels[k].about;
			if (a->in_series && (size_t)a->patch == patch && !a->layout)
				row[rows++] = k;
		}
	}
	return rows;
}

static void order_rows(struct series *s)
{
	struct cover *c = &s->cover;
	size_t k;

	c->nr_rows = series_rows(s->r, c->row);
	for (k = 0; k < s->r->nr_kernels; k++)
		s->nr_layouts += bands_is_layout(s->r, k);
	c->base = c->nr_rows ? c->row[0] : 0;
}

static void print_all(struct series *s, bool exact, size_t functions)
{
	struct cover *c = &s->cover;
	size_t i;

	cover_all(c, NULL);
	print_legend(s, exact);
	fprintf(c->out, "\nPatches%s:\n", exact ? ", and what of the counts each moved" : "");
	for (i = 0; i < c->nr_rows; i++)
		print_patch(s, i, exact);
	if (exact) {
		print_band(s);
		if (functions)
			print_functions(s, functions);
	}
}

void table_series(FILE *out, const struct results *results, const char *title, size_t functions)
{
	struct series s = {.r = results,
			   .cover = {.out = out,
				     .r = results,
				     .title = title,
				     .mark = results_exact(results) ? is_marked : NULL}};
	char cpu[FACTS_TITLE];

	s.cover.arg = &s;
	s.cover.row = calloc(results->nr_kernels + 1, sizeof(*s.cover.row));
	if (s.cover.row) {
		params_of(&s.params, results->points, results->nr_points);
		order_rows(&s);
		if (!title)
			s.cover.title = facts_title(results->kernels[s.cover.base].machine, cpu);
		print_all(&s, results_exact(results), functions);
	}
	free(s.cover.row);
}
