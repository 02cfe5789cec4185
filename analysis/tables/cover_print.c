// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layout after the tables of the fork batching series; experiments.md has one. Each point takes a
 * group of two columns: mean and stdev of a time or a rate, or median and p99 of a latency.
 */
#include "analysis/tables/cover_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/pairs.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/metric_text.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"

#define FIRST_WIDTH 13
#define COL_WIDTH   7

typedef char cell_text[NUMBER_TEXT];

/* A quantile in ns; NaN if there is none, or none that the clock can tell from 0. */
static double quantile_of(const struct cover *c, size_t kernel, const struct group *g, double q)
{
	const struct result_cell *cell = results_cell(c->r, kernel, g->point);
	double resolution = fact_number(c->r->kernels[kernel].machine, "clock.resolution_ns");
	const struct result_role *role = cell_role(cell, g->metric->role);
	double ns = role ? hist_quantile(&role->latency, q) : NAN;

	return ns < resolution ? NAN : ns;
}

static bool is_exact(const struct cover *c)
{
	return metric_repeats(c->metric);
}

const struct result_cell *cover_some_cell(const struct cover *c)
{
	const struct result_cell *cell;
	size_t g, k;

	for (g = 0; g < c->nr_groups; g++) {
		for (k = 0; k < c->nr_rows; k++) {
			cell = results_cell(c->r, c->row[k], c->group[g].point);
			if (cell && cell->nr_ok)
				return cell;
		}
	}
	return NULL;
}

const char *cover_per(const struct cover *c)
{
	const struct result_cell *cell = cover_some_cell(c);

	return cell && cell->per ? cell->per : "op";
}

const char *cover_skip(const struct cover *c, size_t row)
{
	return c->r->kernels[c->row[row]].about.skip;
}

/* What exact mode resolves is hundredths of a percent. */
static void count_texts(const struct cover *c, size_t row, const struct group *g, cell_text text[2])
{
	const struct result_cell *base = results_cell(c->r, c->base, g->point);
	struct difference d;
	struct pair pair;

	pair_cells(&pair, base, results_cell(c->r, c->row[row], g->point));
	pair_difference(&pair, g->metric, &d);
	number_fixed(d.change, 2, false, text[0]);
	number_fixed(c->row[row] == c->base ? d.rel_sd[0] : d.change_sd, 2, false, text[1]);
	if (c->mark)
		strcat(text[0], c->mark(c, row, g) ? "*" : " ");
	pair_free(&pair);
}

/* The two texts of a row and a group. */
static void cell_texts(const struct cover *c, size_t row, const struct group *g, cell_text text[2])
{
	size_t kernel = c->row[row];
	const struct result_cell *cell = results_cell(c->r, kernel, g->point);
	const struct result_cell *base = results_cell(c->r, c->base, g->point);
	static const double quantiles[] = {0.5, 0.99};
	unsigned int i;

	if (cover_skip(c, row)) {
		strcpy(text[0], c->mark ? "skip " : "skip");
		strcpy(text[1], "");
	} else if (c->absolute && kernel == c->base) {
		value_text(g->metric, cell_mean(cell, g->metric), text[0]);
		number_fixed(cell_rel_sd(cell, g->metric), is_exact(c) ? 2 : 1, false, text[1]);
	} else if (is_exact(c) && !c->latency) {
		count_texts(c, row, g, text);
	} else if (!c->latency) {
		number_fixed(cell_mean(cell, g->metric) / cell_mean(base, g->metric) - 1, 1, false,
			     text[0]);
		number_fixed(cell_rel_sd(cell, g->metric), 1, false, text[1]);
	} else {
		for (i = 0; i < 2; i++)
			number_fixed(quantile_of(c, kernel, g, quantiles[i]) /
						     quantile_of(c, c->base, g, quantiles[i]) -
					     1,
				     1, false, text[i]);
	}
}

static size_t longer(size_t width, const char *text)
{
	return strlen(text) > width ? strlen(text) : width;
}

static const char *sub_head(const struct cover *c, unsigned int i)
{
	static const char *const heads[][2] = {{"mean", "stdev"}, {"median", "p99"}};

	return heads[c->latency][i];
}

static const char *kind_name(const struct cover *c)
{
	if (c->latency)
		return "latency";
	return c->metric->head ? c->metric->head : c->metric->name;
}

static void measure(struct cover *c)
{
	char op[POINT_TEXT];
	cell_text text[2];
	size_t k, g;

	c->first_width = longer(FIRST_WIDTH, c->title);
	c->first_width = longer(c->first_width, kind_name(c));
	c->first_width = longer(c->first_width, point_op(c->r->points[c->group[0].point], op));
	c->col_width = COL_WIDTH;
	for (g = 0; g < c->nr_groups; g++) {
		if (strlen(c->group[g].head) > 2 * c->col_width + 3)
			c->col_width = (strlen(c->group[g].head) - 2) / 2;
		for (k = 0; k < c->nr_rows; k++) {
			cell_texts(c, k, &c->group[g], text);
			c->col_width = longer(longer(c->col_width, text[0]), text[1]);
		}
	}
	for (k = 0; k < c->nr_rows; k++)
		c->first_width = longer(c->first_width, c->r->kernels[c->row[k]].label);
}

static void print_dashes(const struct cover *c, size_t nr)
{
	text_rule(c->out, nr);
	fputc('|', c->out);
}

static void print_first(const struct cover *c, const char *text)
{
	fprintf(c->out, "| %-*s |", (int)c->first_width, text);
}

static void print_heads(const struct cover *c, size_t from, size_t to)
{
	int inner = (int)(2 * c->col_width + 3), pad;
	char op[POINT_TEXT];
	size_t g;

	print_first(c, c->title);
	for (g = from; g < to; g++) {
		pad = (inner - (int)strlen(c->group[g].head)) / 2;
		fprintf(c->out, " %*s%-*s |", pad, "", inner - pad, c->group[g].head);
	}
	fputc('\n', c->out);
	print_first(c, point_op(c->r->points[c->group[0].point], op));
	for (g = from; g < to; g++)
		print_dashes(c, (size_t)inner + 2);
	fputc('\n', c->out);
	print_first(c, kind_name(c));
	for (g = from; g < to; g++)
		fprintf(c->out, " %*s | %*s |", (int)c->col_width, sub_head(c, 0),
			(int)c->col_width, sub_head(c, 1));
	fputs("\n|", c->out);
	print_dashes(c, c->first_width + 2);
	for (g = 2 * from; g < 2 * to; g++)
		print_dashes(c, c->col_width + 2);
	fputc('\n', c->out);
}

static void print_rows(const struct cover *c, size_t from, size_t to)
{
	cell_text text[2];
	size_t k, g;

	for (k = 0; k < c->nr_rows; k++) {
		print_first(c, c->r->kernels[c->row[k]].label);
		for (g = from; g < to; g++) {
			cell_texts(c, k, &c->group[g], text);
			fprintf(c->out, " %*s | %*s |", (int)c->col_width, text[0],
				(int)c->col_width, text[1]);
		}
		fputc('\n', c->out);
	}
}

/* The trouble with a point, if all kernels have the same; malloc'ed. */
static char *common_trouble(const struct cover *c, size_t point)
{
	char *first = cell_trouble(results_cell(c->r, c->row[0], point)), *other;
	bool same = first && c->nr_rows > 1;
	size_t k;

	for (k = 1; same && k < c->nr_rows; k++) {
		other = cell_trouble(results_cell(c->r, c->row[k], point));
		same = other && !strcmp(first, other);
		free(other);
	}
	if (same)
		return first;
	free(first);
	return NULL;
}

/* What is missing or rests on fewer runs. */
static void print_trouble(const struct cover *c, const struct group *g)
{
	const struct result_cell *cell;
	char *common = common_trouble(c, g->point), *trouble;
	const char *label;
	size_t k, w;

	if (common)
		text_wrapf(c->out, 4, "  all, %s: %s", g->head, common);
	for (k = 0; k < c->nr_rows; k++) {
		cell = results_cell(c->r, c->row[k], g->point);
		label = c->r->kernels[c->row[k]].label;
		trouble = common || cover_skip(c, k) ? NULL : cell_trouble(cell);
		if (trouble)
			text_wrapf(c->out, 4, "  %s, %s: %s", label, g->head, trouble);
		for (w = 0; cell && w < cell->warnings.nr; w++)
			text_wrapf(c->out, 4, "  %s, %s: %s", label, g->head,
				   cell->warnings.text[w]);
		free(trouble);
	}
	free(common);
}

/* Is a latency there that the clock cannot tell from 0? */
static bool unresolved(const struct cover *c)
{
	const struct result_role *role;
	double resolution;
	size_t g, k;

	for (g = 0; g < c->nr_groups; g++) {
		for (k = 0; k < c->nr_rows; k++) {
			role = cell_role(results_cell(c->r, c->row[k], c->group[g].point),
					 c->group[g].metric->role);
			resolution = fact_number(c->r->kernels[c->row[k]].machine,
						 "clock.resolution_ns");
			if (role && hist_quantile(&role->latency, 0.5) < resolution)
				return true;
		}
	}
	return false;
}

static void print_clock(const struct cover *c)
{
	char *cost = facts_ns(c->r, "clock.cost_ns");
	char *resolution = facts_ns(c->r, "clock.resolution_ns");

	if (cost)
		text_wrapf(c->out, 0, "Each latency includes one clock read (%s).", cost);
	if (resolution && unresolved(c))
		text_wrapf(c->out, 0,
			   "Latencies below the clock's resolution (%s) are not compared: \"-\".",
			   resolution);
	free(cost);
	free(resolution);
}

static void print_latency(const struct cover *c)
{
	text_wrapf(c->out, 0,
		   "median, p99: of single ops of all ok runs, relative to %s's; negative is "
		   "faster.",
		   c->r->kernels[c->base].label);
	print_clock(c);
}

static void print_stdev(const struct cover *c, const struct basis *basis)
{
	text_wrapf(c->out, 0,
		   "stdev: sample standard deviation (n-1) of %s means, in %% of the row's mean.",
		   basis_unit(basis));
}

static void print_stdev_exact(const struct cover *c)
{
	text_wrapf(c->out, 0,
		   "stdev: sample standard deviation (n-1) of those differences, in %% of %s's "
		   "mean; in its own row, of its boot means.",
		   c->r->kernels[c->base].label);
}

/* Where the base's row has numbers of its own, and all others' are relative to it. */
static void print_absolute(const struct cover *c, const struct basis *basis)
{
	char about[2 * POINT_TEXT];

	metric_about(c->metric, cover_per(c), about);
	if (c->nr_rows == 1)
		text_wrapf(c->out, 0, "mean: %s.", about);
	else
		text_wrapf(c->out, 0, "mean: %s; below %s's row %s; %s.", about,
			   c->r->kernels[c->base].label,
			   is_exact(c) ? "the differences from it boot by boot" : "relative to it",
			   metric_sign(c->metric));
	if (is_exact(c) && c->nr_rows > 1)
		print_stdev_exact(c);
	else
		print_stdev(c, basis);
}

/* Of the differences of paired boots. */
static void print_exact(const struct cover *c)
{
	const char *base = c->r->kernels[c->base].label;
	char about[2 * POINT_TEXT];

	text_wrapf(c->out, 0, "mean: %s, of the differences from %s boot by boot; %s.",
		   metric_about(c->metric, "op", about), base, metric_sign(c->metric));
	print_stdev_exact(c);
}

static void print_meaning(const struct cover *c, const struct basis *basis)
{
	char about[2 * POINT_TEXT];

	if (c->latency) {
		print_latency(c);
		return;
	}
	if (c->absolute) {
		print_absolute(c, basis);
		return;
	}
	if (is_exact(c)) {
		print_exact(c);
		return;
	}
	text_wrapf(c->out, 0, "mean: %s%s relative to %s's mean; %s.",
		   metric_about(c->metric, cover_per(c), about),
		   metric_is_time(c->metric) ? "" : ",", c->r->kernels[c->base].label,
		   metric_sign(c->metric));
	print_stdev(c, basis);
}

void cover_under(const struct cover *c,
		 void (*meaning)(const struct cover *c, const struct basis *basis))
{
	const struct result_cell *cell;
	char text[BASIS_TEXT];
	struct basis basis = {0};
	bool emulated = false;
	size_t g, k;

	for (g = 0; g < c->nr_groups; g++) {
		for (k = 0; k < c->nr_rows; k++) {
			cell = results_cell(c->r, c->row[k], c->group[g].point);
			basis_add(&basis, cell);
			emulated |= cell && cell->source == SOURCE_EMULATED;
		}
	}
	for (g = 0; g < c->nr_groups; g++) /* a point has one note, however many groups */
		if (!g || c->group[g].point != c->group[g - 1].point)
			print_trouble(c, &c->group[g]);
	meaning(c, &basis);
	if (basis.cells)
		text_wrapf(c->out, 0, "Behind each number: %s.", basis_text(&basis, text));
	else
		text_wrapf(c->out, 0, "No run was ok, so there are no numbers.");
	if (emulated)
		text_wrapf(c->out, 0, "emulated: no measure of hardware, no verdict.");
}

void cover_print(struct cover *c)
{
	size_t room, from, to;
	char op[POINT_TEXT];

	measure(c);
	room = GRID_WIDTH > c->first_width + 5
		       ? (GRID_WIDTH - c->first_width - 5) / (2 * c->col_width + 6)
		       : 1;
	room = room ? room : 1;
	text_wrapf(c->out, 4, "%s: %s", point_op(c->r->points[c->group[0].point], op), c->above);
	for (from = 0; from < c->nr_groups; from = to) {
		to = from + room < c->nr_groups ? from + room : c->nr_groups;
		fputc('\n', c->out);
		print_heads(c, from, to);
		print_rows(c, from, to);
	}
	fputc('\n', c->out);
	cover_under(c, print_meaning);
}
