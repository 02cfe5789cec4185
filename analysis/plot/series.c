// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes relative to the first kernel along a series of them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/change.h"
#include "analysis/compare/units.h"
#include "analysis/plot/makers.h"
#include "analysis/results/point_names.h"
#include "analysis/tables/series.h"

static struct plot_point point_of(const struct results *r, const struct result_cell *base,
				  const struct result_cell *cell, const struct metric *metric)
{
	const struct result_cell *const both[2] = {base, cell};
	struct change c = change_of(r, both, metric);

	return (struct plot_point){0, 100 * c.change, 100 * c.low, 100 * c.high};
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
		if (!i && !isnan(cell_mean(base, metric)))
			at.y = 0;
		else if (i && base && base->nr_ok && cell && cell->nr_ok)
			at = point_of(r, base, cell, metric);
		at.x = (double)i;
		plot_add_point(line, at);
	}
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
			     points->metric		    ? points->metric->name
			     : metric[0] && metric[0]->role ? "ops/s"
			     : results_exact(r)		    ? "kernel instructions"
							    : "time of one op") < 0)
			panel->y_label = NULL;
	}
	free(row);
}
