// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/counters.h"
#include "analysis/compare/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/change.h"
#include "analysis/results/bands.h"
#include "analysis/results/metric_text.h"
#include "analysis/results/point_names.h"
#include "analysis/stats/interval.h"
#include "analysis/tables/refused.h"
#include "analysis/text/grid.h"

/* One family on a kernel, or on two that are compared. */
struct family {
	FILE *out;
	const struct results *r;
	size_t kernel[2]; /* the base first; nr of them */
	size_t nr_kernels;
	size_t *point;
	size_t nr;
	struct params params;
	bool *moved;	 /* by metric: there is a value other than 0 */
	bool *known;	 /* and any at all */
	const char *per; /* what its ops consist of, if of several, "unit" if not of one; or NULL */
	struct grid grid;
};

/* All that is printed. */
struct counted {
	FILE *out;
	const struct results *r;
	size_t kernel[2];
	size_t nr_kernels;
	bool titled; /* of these kernels */
	struct basis basis;
};

static const struct result_cell *cell_of(const struct family *f, size_t i, size_t k)
{
	return results_cell(f->r, f->kernel[k], f->point[i]);
}

static double mean_of(const struct family *f, size_t i, size_t k, size_t metric)
{
	return cell_mean(cell_of(f, i, k), f->r->metrics.of[metric]);
}

/* What stands above the numbers of one is right for all rows below it. */
static void take_per(struct family *f, const struct result_cell *cell)
{
	if (!cell || !cell->nr_ok || !cell->per || !(cell->per_count > 1))
		return;
	f->per = f->per && strcmp(f->per, cell->per) != 0 ? "unit" : cell->per;
}

/* Of which metrics there is something to show. Returns whether of any. */
static bool look(struct family *f)
{
	const struct result_cell *cell;
	bool any = false;
	double mean;
	size_t m, i, k;

	for (i = 0; i < f->nr; i++) {
		for (k = 0; k < f->nr_kernels; k++) {
			cell = cell_of(f, i, k);
			take_per(f, cell);
			for (m = 0; m < f->r->metrics.nr; m++) {
				mean = f->r->metrics.of[m]->shown ? mean_of(f, i, k, m) : NAN;
				f->known[m] |= !isnan(mean);
				f->moved[m] |= mean != 0 && !isnan(mean);
				any |= f->known[m];
			}
		}
	}
	return any;
}

/* How many ok runs of a cell have it. */
static size_t runs_of(const struct result_cell *cell, const struct metric *m)
{
	size_t i, nr = 0;

	for (i = 0; cell && i < cell->nr; i++)
		nr += cell->runs[i].status == RUN_OK && !isnan(run_value(&cell->runs[i], m));
	return nr;
}

/* What the legend does not say of a kernel's number: what of it was counted, in how many runs. */
static void note_of(const struct result_cell *cell, const struct metric *m, char text[100])
{
	const struct result_counter *counter = cell_counter(cell, m);
	double share = counter ? counter->running / counter->enabled : NAN;
	size_t used = 0, nr = runs_of(cell, m);

	*text = '\0';
	if (share < 1)
		used += (size_t)snprintf(text, 100, "%.0f%% of the time", 100 * share);
	if (nr && nr < cell->nr_ok)
		used += (size_t)snprintf(text + used, 100 - used, "%s%zu of %zu runs",
					 used ? ", " : "", nr, cell->nr_ok);
	if (counter && counter->machine)
		snprintf(text + used, 100 - used, "%swhole machine", used ? ", " : "");
}

/* Of two kernels that it is not said of both, and of which. */
static void put_note(struct family *f, size_t i, const struct metric *m)
{
	char text[2][100] = {"", ""};
	const char *label[2];
	bool both;
	size_t k;

	for (k = 0; k < f->nr_kernels; k++) {
		note_of(cell_of(f, i, k), m, text[k]);
		label[k] = f->r->kernels[f->kernel[k]].label;
	}
	both = *text[0] && *text[1];
	if (f->nr_kernels == 1 || !strcmp(text[0], text[1]))
		grid_put(&f->grid, "%s", text[0]);
	else if (both)
		grid_put(&f->grid, "%s: %s; %s: %s", label[0], text[0], label[1], text[1]);
	else
		grid_put(&f->grid, "%s: %s", label[!*text[0]], text[!*text[0]]);
}

static void put_value(struct family *f, size_t i, size_t k, const struct metric *m)
{
	const struct result_cell *cell = cell_of(f, i, k);
	double mean = cell_mean(cell, m);
	char text[NUMBER_TEXT];

	grid_put(&f->grid, "%s", value_text(m, mean, text));
	if (f->per && !k)
		grid_put(&f->grid, "%s",
			 m->countable && cell ? value_text(m, mean / cell->per_count, text) : "");
	grid_put(&f->grid, "%s", number_percent(cell_rel_sd(cell, m), false, text));
}

static void put_change(struct family *f, size_t i, const struct metric *m)
{
	const struct result_cell *const both[2] = {cell_of(f, i, 0), cell_of(f, i, 1)};
	struct change c = change_of(f->r, both, m);
	char text[2 * NUMBER_TEXT];

	if (isinf(c.change))
		grid_put(&f->grid, "new");
	else
		grid_put(&f->grid, "%s", number_percent(c.change, true, text));
	if (c.low == 0 && c.high == 0)
		grid_put(&f->grid, "%s", "");
	else
		grid_put(&f->grid, "%s", number_interval(c.low, c.high, text));
}

static void put_row(struct family *f, size_t i, size_t metric, const char *indent)
{
	const struct metric *m = f->r->metrics.of[metric];
	size_t k;

	grid_row(&f->grid);
	grid_put(&f->grid, "%s%s", indent, m->name);
	for (k = 0; k < f->nr_kernels; k++)
		put_value(f, i, k, m);
	if (f->nr_kernels > 1)
		put_change(f, i, m);
	put_note(f, i, m);
}

/* A counter has a row wherever it is known, what moved in vmstat where it did. */
static bool has_row(const struct family *f, size_t i, size_t metric)
{
	double mean[2];
	size_t k;

	if (!f->moved[metric])
		return false;
	for (k = 0; k < 2; k++)
		mean[k] = k < f->nr_kernels ? mean_of(f, i, k, metric) : NAN;
	if (!f->r->metrics.of[metric]->moved)
		return !isnan(mean[0]) || !isnan(mean[1]);
	return (!isnan(mean[0]) && mean[0] != 0) || (!isnan(mean[1]) && mean[1] != 0);
}

static void put_point(struct family *f, size_t i)
{
	char *name = params_name(&f->params, f->r->points[f->point[i]]);
	size_t m, rows = 0;

	for (m = 0; m < f->r->metrics.nr; m++) {
		if (!has_row(f, i, m))
			continue;
		if (!rows++ && f->nr > 1) {
			grid_row(&f->grid);
			grid_span(&f->grid, name ? name : "?");
		}
		put_row(f, i, m, f->nr > 1 ? "  " : "");
	}
	free(name);
}

static void make_columns(struct family *f, char head[POINT_TEXT])
{
	bool alone = f->nr_kernels == 1;
	size_t k;

	snprintf(head, POINT_TEXT, "/%.60s", f->per ? f->per : "");
	grid_column(&f->grid, "", true);
	for (k = 0; k < f->nr_kernels; k++) {
		grid_column(&f->grid, alone ? "per op" : f->r->kernels[f->kernel[k]].label, false);
		if (f->per && !k)
			grid_column(&f->grid, head, false);
		grid_column(&f->grid, "stdev", false);
	}
	if (!alone) {
		grid_column(&f->grid, "change", false);
		grid_column(&f->grid, "interval, %", false);
	}
	grid_column(&f->grid, "", true);
}

/* Counters that never counted anything need no rows to say so. */
static void print_zeros(const struct family *f)
{
	char *list = NULL;
	size_t m, size;
	FILE *out = open_memstream(&list, &size);

	for (m = 0; out && m < f->r->metrics.nr; m++)
		if (f->known[m] && !f->moved[m] && !f->r->metrics.of[m]->moved)
			fprintf(out, "%s%s", ftell(out) ? ", " : "", f->r->metrics.of[m]->name);
	if (out)
		fclose(out);
	if (list && *list)
		text_wrapf(f->out, 2, "0 in every run: %s", list);
	free(list);
}

static void print_head(const struct family *f)
{
	const json_t *first = f->r->points[f->point[0]];
	char *common = params_common(&f->params, first), op[POINT_TEXT];

	fputc('\n', f->out);
	text_wrapf(f->out, 4, "%s: %s",
		   params_vary(&f->params, "variant") ? point_bench(first) : point_op(first, op),
		   common ? common : "");
	free(common);
}

static void print_rows(struct family *f)
{
	json_t **points = calloc(f->nr, sizeof(*points));
	char head[POINT_TEXT];
	size_t i;

	if (!points)
		return;
	for (i = 0; i < f->nr; i++)
		points[i] = f->r->points[f->point[i]];
	params_of(&f->params, points, f->nr);
	free(points);
	make_columns(f, head);
	for (i = 0; i < f->nr; i++)
		put_point(f, i);
	print_head(f);
	grid_fit(&f->grid, f->out, f->nr_kernels > 1 ? 1 : 0,
		 f->nr_kernels > 1 ? 3 + (f->per != NULL) : 0);
	if (f->grid.nr_rows)
		grid_print(&f->grid, f->out);
	print_zeros(f);
	grid_free(&f->grid);
}

/* "v6.12 against v6.1: ..." */
static void print_title(struct counted *c)
{
	const struct result_kernel *kernels = c->r->kernels;

	if (c->titled)
		return;
	c->titled = true;
	fprintf(c->out, "\n%s%s%s: counters and vmstat, of one op\n",
		kernels[c->kernel[c->nr_kernels - 1]].label, c->nr_kernels > 1 ? " against " : "",
		c->nr_kernels > 1 ? kernels[c->kernel[0]].label : "");
}

static void print_family(struct counted *c, struct family *f)
{
	size_t i, k;

	if (!look(f))
		return;
	print_title(c);
	print_rows(f);
	for (i = 0; i < f->nr; i++)
		for (k = 0; k < f->nr_kernels; k++)
			basis_add(&c->basis, cell_of(f, i, k));
}

/* The points of the first one's benchmark; marks them. */
static void take_family(struct counted *c, size_t first, bool *done)
{
	struct family f = {.out = c->out,
			   .r = c->r,
			   .kernel = {c->kernel[0], c->kernel[1]},
			   .nr_kernels = c->nr_kernels,
			   .point = calloc(c->r->nr_points, sizeof(size_t)),
			   .moved = calloc(c->r->metrics.nr, sizeof(bool)),
			   .known = calloc(c->r->metrics.nr, sizeof(bool))};
	size_t p;

	for (p = first; f.point && p < c->r->nr_points; p++) {
		if (strcmp(point_bench(c->r->points[first]), point_bench(c->r->points[p])))
			continue;
		done[p] = true;
		f.point[f.nr++] = p;
	}
	if (f.nr && f.moved && f.known)
		print_family(c, &f);
	free(f.point);
	free(f.moved);
	free(f.known);
}

static void print_kernels(struct counted *c)
{
	bool *done = calloc(c->r->nr_points + 1, sizeof(*done));
	size_t p;

	c->titled = false;
	for (p = 0; done && p < c->r->nr_points; p++)
		if (!done[p])
			take_family(c, p, done);
	free(done);
}

static void print_legend(const struct counted *c, bool changes)
{
	char text[BASIS_TEXT];
	bool refused = table_refused(c->out, c->r);

	if (!c->basis.cells)
		return;
	if (!refused)
		fputc('\n', c->out);
	text_wrapf(c->out, 2,
		   "Counters: summed over the workers of an op; one that ran in a part of the time "
		   "is extended to all of it. vmstat: of the whole system. Each number: %s, unless "
		   "its row says of how many runs.",
		   basis_text(&c->basis, text));
	text_wrapf(c->out, 2,
		   "stdev: sample standard deviation (n-1) of the %s means, in %% of their mean.",
		   basis_unit(&c->basis));
	if (changes)
		text_wrapf(c->out, 2,
			   "change: of the means, relative to %s's, with the interval that `check "
			   "--metric` has for it, %.0f %% confidence.",
			   c->r->kernels[c->kernel[0]].label, INTERVAL_CONFIDENCE * 100);
}

void table_counters(FILE *out, const struct results *results)
{
	struct counted c = {.out = out, .r = results, .nr_kernels = 1};

	for (c.kernel[0] = 0; c.kernel[0] < results->nr_kernels; c.kernel[0]++)
		print_kernels(&c);
	print_legend(&c, false);
}

void table_counter_changes(FILE *out, const struct results *results, size_t base)
{
	struct counted c = {.out = out, .r = results, .kernel = {base}, .nr_kernels = 2};

	for (c.kernel[1] = 0; c.kernel[1] < results->nr_kernels; c.kernel[1]++)
		if (c.kernel[1] != base && !bands_is_layout(results, c.kernel[1]))
			print_kernels(&c);
	print_legend(&c, true);
}
