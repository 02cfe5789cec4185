// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/schedules.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/stats/summary.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"

#define LABEL_TEXT 128

/* The values of a cell's runs, sorted, malloc'ed. */
static double *values_of(const struct result_cell *cell, const struct metric *metric, size_t *ret_n)
{
	double *values = calloc(cell->nr + 1, sizeof(*values));
	size_t i, n = 0;

	if (!values)
		abort();
	for (i = 0; i < cell->nr; i++) {
		values[n] = run_value(&cell->runs[i], metric);
		n += !isnan(values[n]);
	}
	stats_sort(values, n);
	*ret_n = n;
	return values;
}

static void put_cell(struct grid *g, const struct result_cell *cell, const struct metric *metric)
{
	char text[NUMBER_TEXT];
	size_t n, i;
	double *values = values_of(cell, metric, &n);
	double quantile[3] = {n ? values[0] : NAN, stats_quantile(values, n, 0.5),
			      n ? values[n - 1] : NAN};

	for (i = 0; i < 3; i++)
		grid_put(g, "%s", isnan(quantile[i]) ? "-" : number_count(quantile[i], text));
	free(values);
}

static bool is_there(const struct result_cell *cell, const struct metric *metric)
{
	size_t i;

	for (i = 0; i < cell->nr; i++)
		if (run_value(&cell->runs[i], metric) > 0)
			return true;
	return false;
}

static void put_columns(struct grid *g, const char *label, char head[LABEL_TEXT])
{
	snprintf(head, LABEL_TEXT, "%s least", label);
	grid_column(g, head, false);
	grid_column(g, "median", false);
	grid_column(g, "most", false);
}

void schedules_print(FILE *out, const struct results *results, size_t base, size_t other,
		     const struct pair *pair)
{
	const struct metrics *metrics = &results->metrics;
	char head[2][LABEL_TEXT];
	struct grid g = {0};
	size_t i;

	grid_column(&g, "over schedules", true);
	put_columns(&g, results->kernels[base].label, head[0]);
	if (other != base)
		put_columns(&g, results->kernels[other].label, head[1]);
	for (i = 0; i < metrics->nr; i++) {
		const struct metric *m = metrics->of[i];

		if (!m->scheduled || (!is_there(&pair->cell[0], m) && !is_there(&pair->cell[1], m)))
			continue;
		grid_row(&g);
		grid_put(&g, "%s", m->name);
		put_cell(&g, &pair->cell[0], m);
		if (other != base)
			put_cell(&g, &pair->cell[1], m);
	}
	fputc('\n', out);
	grid_fit(&g, out, 1, 0);
	grid_print(&g, out);
	grid_free(&g);
}

void schedules_legend(FILE *out)
{
	text_wrapf(out, 2,
		   "over schedules: several emulated CPUs run in turns, whose lengths are drawn "
		   "anew in each boot, the same ones for each kernel. Schedules are not hardware: "
		   "they show what can happen when CPUs meet, and what it costs then, not how "
		   "often they do (docs/exact.md). Of a contended point an op is as many rounds of "
		   "each worker of the first role as its time has milliseconds.");
}
