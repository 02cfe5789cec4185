// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes relative to the first kernel along a series of them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/blocks.h"
#include "analysis/compare/pairs.h"
#include "analysis/compare/stopping.h"
#include "analysis/plot/plot.h"
#include "analysis/results/point_names.h"
#include "analysis/tables/series.h"

/* Of counts: mean and interval of the paired differences. */
static struct plot_point change_of_counts(const struct result_cell *base,
					  const struct result_cell *cell)
{
	struct difference d;
	struct pair pair;

	pair_cells(&pair, base, cell);
	pair_difference(&pair, cell_op(base), &d);
	pair_free(&pair);
	return (struct plot_point){0, 100 * d.change, 100 * (d.change - d.change_half),
				   100 * (d.change + d.change_half)};
}

/* Of times and rates, as `check` has it. */
static struct plot_point change_of(const struct result_cell *const cell[2],
				   const struct metric *metric, double nominal)
{
	struct plot_point point = {0, NAN, NAN, NAN};
	struct sequence s[2];
	struct interval interval;
	struct blocks blocks;

	sequence_of(&s[0], cell[0]);
	sequence_of(&s[1], cell[1]);
	if (blocks_of(&blocks, s, metric)) {
		interval = blocks_interval(&blocks);
		point.y = 100 * interval_change(&interval);
		point.low = 100 * interval_low(&interval, nominal);
		point.high = 100 * interval_high(&interval, nominal);
	}
	blocks_free(&blocks);
	sequence_free(&s[0]);
	sequence_free(&s[1]);
	return point;
}

/* A kernel without numbers is a gap. */
static void add_line(struct plot_panel *panel, const struct results *r, size_t point,
		     const struct metric *metric, char *label, const size_t *row, size_t nr_rows)
{
	const struct result_cell *base = results_cell(r, row[0], point), *cell;
	struct plot_line *line =
		plot_add_line(panel, PLOT_LINE, label, (unsigned int)panel->nr_lines);
	struct plot_point at;
	size_t i;

	for (i = 0; i < nr_rows; i++) {
		cell = results_cell(r, row[i], point);
		at = (struct plot_point){0, NAN, NAN, NAN};
		if (!base || !base->nr_ok || !cell || !cell->nr_ok ||
		    (metric->role &&
		     (!cell_role(base, metric->role) || !cell_role(cell, metric->role))))
			;
		else if (!i)
			at.y = 0;
		else if (!strcmp(cell->source, "exact") && !strcmp(base->source, "exact"))
			at = change_of_counts(base, cell);
		else if (strcmp(cell->source, "exact") && strcmp(base->source, "exact"))
			at = change_of((const struct result_cell *const[]){base, cell}, metric,
				       until_nominal(r));
		at.x = (double)i;
		plot_add_point(line, at);
	}
}

static bool exact_in(const struct results *r, const size_t *row, size_t nr_rows)
{
	size_t i;

	for (i = 0; i < nr_rows; i++)
		if (r->kernels[row[i]].exact)
			return true;
	return false;
}

static void add_lines(struct plot_panel *panel, const struct plot_points *points, const size_t *row,
		      size_t nr_rows)
{
	json_t **list = calloc(points->nr, sizeof(json_t *));
	const struct metric *metric[PLOT_METRICS];
	struct params params;
	size_t i, s, nr = plot_metrics(points, metric);
	char *name;

	for (i = 0; list && i < points->nr; i++)
		list[i] = points->r->points[points->point[i]];
	if (list)
		params_of(&params, list, points->nr);
	for (i = 0; list && i < points->nr; i++) {
		name = params_name(&params, list[i]);
		for (s = 0; s < nr; s++)
			add_line(panel, points->r, points->point[i], metric[s],
				 plot_label(name, metric[s] ? metric[s]->role : NULL), row,
				 nr_rows);
		free(name);
	}
	free(list);
}

void plot_series(struct plot *plot, const struct plot_points *points)
{
	const struct results *r = points->r;
	size_t *row = calloc(r->nr_kernels + 1, sizeof(*row)), nr = 0, i;
	struct plot_panel *panel = NULL;
	const struct metric *metric[PLOT_METRICS];

	if (row && series_in(r))
		nr = series_rows(r, row);
	else
		for (; row && nr < r->nr_kernels; nr++)
			row[nr] = nr;
	if (nr > 1)
		panel = plot_add_panel(plot, PLOT_SERIES, plot_title(points));
	if (panel) {
		add_lines(panel, points, row, nr);
		for (i = 0; i < nr; i++)
			plot_add_tic(panel, (double)i, r->kernels[row[i]].label);
		plot_metrics(points, metric);
		if (asprintf(&panel->y_label, "change of %s, %%",
			     metric[0] && metric[0]->role ? "ops/s"
			     : exact_in(r, row, nr)	  ? "kernel instructions"
							  : "time of one op") < 0)
			panel->y_label = NULL;
	}
	free(row);
}
