// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The base in absolute numbers and another kernel in % of it, (I) and (R) where the 95 % intervals
 * of their run means do not overlap, as Arm's Fastpath prints them; and what `check` says of that.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/verdict.h"
#include "analysis/results/metric_text.h"
#include "analysis/stats/summary.h"
#include "analysis/tables/published/formats.h"
#include "analysis/tables/published/layout.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"

#define CONFIDENCE    0.95
#define VALUE_WIDTH   13
#define CHANGE_WIDTH  13
#define VERDICT_WIDTH 12 /* "inconclusive" */
#define LETTERS	      26
#define NAME_WIDTH    (72 - 13 - VALUE_WIDTH - CHANGE_WIDTH - VERDICT_WIDTH)

/* Is a label cut, so that letters head the columns in place of labels? */
static bool has_letters(const struct cover *c)
{
	size_t row;

	for (row = 0; row < c->nr_rows; row++)
		if (strlen(c->r->kernels[c->row[row]].label) > VALUE_WIDTH)
			return true;
	return false;
}

/* What heads the column of a row: its label, or "A", "B", .. "Z", "A1", ... */
static const char *head_of(const struct cover *c, size_t row, char text[NUMBER_TEXT])
{
	if (!has_letters(c))
		return c->r->kernels[c->row[row]].label;
	snprintf(text, NUMBER_TEXT, row < LETTERS ? "%c" : "%c%zu", (int)('A' + row % LETTERS),
		 row / LETTERS);
	return text;
}

/* The mean of a cell's ok runs, whatever boots they are of; the middle of its interval, which is
 * another of rates, and half of it. */
struct runs {
	double mean, middle, half;
};

static struct runs runs_of(const struct cover *c, size_t kernel, const struct group *g)
{
	const struct result_cell *cell = results_cell(c->r, kernel, g->point);
	double *values = calloc(cell ? cell->nr + 1 : 1, sizeof(*values));
	struct runs ret = {NAN, NAN, NAN};
	size_t nr = 0, i;

	for (i = 0; values && cell && i < cell->nr; i++) {
		if (cell->runs[i].status != RUN_OK)
			continue;
		values[nr] = run_value(&cell->runs[i], g->metric);
		nr += isfinite(values[nr]);
	}
	if (nr) {
		ret.mean = metric_mean(g->metric, values, nr);
		ret.middle = stats_mean(values, nr);
	}

	if (nr > 1)
		ret.half = gsl_cdf_tdist_Qinv((1 - CONFIDENCE) / 2, (double)nr - 1) *
			   stats_sd(values, nr) / sqrt((double)nr);
	free(values);
	return ret;
}

/* "(I) 4.20%": positive is better, whatever is measured; or more, of what is neither, without
 * marks. */
static void put_change(const struct cover *c, const struct runs *base, const struct runs *other,
		       char text[2 * NUMBER_TEXT])
{
	double change = other->mean / base->mean - 1;
	bool apart = fabs(other->middle - base->middle) > base->half + other->half;
	const char *mark = "";

	if (c->metric->better == METRIC_LESS)
		change = -change;
	if (!isfinite(change)) {
		strcpy(text, "-");
		return;
	}
	if (apart && c->metric->better != METRIC_NEITHER)
		mark = change < 0 ? "(R) " : "(I) ";
	snprintf(text, 2 * NUMBER_TEXT, "%s%.2f%%", mark, fabs(change) < 5e-5 ? 0 : 100 * change);
}

/* What a check of the kernel says of the group; "" where it judges nothing. */
static const char *verdict_of(const struct check *check, size_t kernel, const struct group *g)
{
	const struct check_row *row;
	size_t i;

	for (i = 0; i < check->nr_rows; i++) {
		row = &check->rows[i];
		if (row->kernel == kernel && row->point == g->point && row->metric == g->metric)
			return verdict_name(row->verdict);
	}
	return "";
}

static void print_rule(const struct cover *c, char line)
{
	static const int widths[] = {NAME_WIDTH, VALUE_WIDTH, CHANGE_WIDTH, VERDICT_WIDTH};
	size_t i;
	int k;

	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		fputc('+', c->out);
		for (k = 0; k < widths[i] + 2; k++)
			fputc(line, c->out);
	}
	fputs("+\n", c->out);
}

static void print_cells(const struct cover *c, const char *name, const char *value,
			const char *change, const char *verdict)
{
	fprintf(c->out, "| %-*.*s | %*.*s | %*.*s | %-*s |\n", NAME_WIDTH, NAME_WIDTH, name,
		VALUE_WIDTH, VALUE_WIDTH, value, CHANGE_WIDTH, CHANGE_WIDTH, change, VERDICT_WIDTH,
		verdict);
}

static void print_group(const struct cover *c, size_t row, const struct group *g,
			const struct check *check, const struct scale *scale)
{
	struct compared words = layout_compare(c, row, g, NULL);
	struct runs base = runs_of(c, c->base, g), other = runs_of(c, c->row[row], g);
	char value[64], change[2 * NUMBER_TEXT];

	snprintf(value, sizeof(value), "%.*f", scale->decimals, base.mean * scale->by);
	put_change(c, &base, &other, change);
	print_cells(c, g->head, words.base.n ? value : words.base.word,
		    words.other.n ? change : words.other.word,
		    words.base.n && words.other.n ? verdict_of(check, c->row[row], g) : "");
}

static void print_pair(struct cover *c, size_t row)
{
	struct check check = {.results = c->r, .base = c->base, .threshold = NAN};
	const struct metric *metric = c->metric;
	struct scale scale = layout_table_scale(c, NULL);
	char unit[POINT_TEXT], head[POINT_TEXT + 16], base[NUMBER_TEXT], other[NUMBER_TEXT];
	size_t g;

	if (!c->metric->judged) {
		check.metrics = &metric;
		check.nr_metrics = 1;
	}
	if (!check_make(&check))
		return;
	snprintf(head, sizeof(head), "%s", layout_unit(c, NULL, scale.unit, unit));
	print_rule(c, '-');
	print_cells(c, head, head_of(c, 0, base), head_of(c, row, other), "check");
	print_rule(c, '=');
	for (g = 0; g < c->nr_groups; g++)
		print_group(c, row, &c->group[g], &check, &scale);
	print_rule(c, '-');
	check_free(&check);
}

static void print_letters(const struct cover *c)
{
	char letter[NUMBER_TEXT];
	size_t row;

	for (row = 0; has_letters(c) && row < c->nr_rows; row++)
		text_wrapf(c->out, 4, "%s: %s", head_of(c, row, letter),
			   c->r->kernels[c->row[row]].label);
}

static void print_meaning(const struct cover *c, const struct basis *basis)
{
	const char *unit = c->metric->main ? "" : layout_table_scale(c, NULL).unit;
	char what[2 * POINT_TEXT];

	print_letters(c);
	text_wrapf(c->out, 0,
		   "%s: %s%s%s, the %s over all runs; then in %% of it, %s. (I), "
		   "(R): the %.0f %% intervals of the run means do not overlap, Fastpath's rule, "
		   "which takes runs of a boot for as good as boots. %s check: the verdict, over "
		   "%s means.",
		   c->r->kernels[c->base].label, layout_what(c, NULL, what), *unit ? ", in " : "",
		   unit, layout_mean(c, NULL),
		   c->metric->better == METRIC_NEITHER ? metric_sign(c->metric)
						       : "positive is better",
		   100 * CONFIDENCE, FASTPATH_ERRS, basis_unit(basis));
}

void format_fastpath(struct cover *c)
{
	layout_head(c, NULL);
	fputc('\n', c->out);
	layout_pairs(c, print_pair, print_meaning);
}
