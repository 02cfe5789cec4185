// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every run of every kernel, a panel a point, and the quartiles.
 */
#include <math.h>
#include <stdlib.h>

#include "analysis/compare/units.h"
#include "analysis/plot/makers.h"
#include "analysis/stats/summary.h"

#define WIDTH 0.7 /* of a kernel's runs; kernels are 1 apart */

/* Runs from left to right, with a gap between boots. Leaves their values in `sorted`. */
static void add_dots(struct plot_line *line, const struct sequence *s, const struct metric *metric,
		     double at, double *sorted, size_t *ret_nr)
{
	double value, x;
	size_t i, n = 0;

	for (i = 0; i < s->nr; i++) {
		value = run_value(s->run[i], metric);
		if (isnan(value))
			continue;
		x = at + WIDTH * (((double)i + 0.5) / (double)s->nr - 0.5);
		if (i && sequence_starts_boot(s, i))
			plot_add_point(line, (struct plot_point){x, NAN, NAN, NAN});
		plot_add_point(line, (struct plot_point){x, value, NAN, NAN});
		sorted[n++] = value;
	}
	*ret_nr = n;
}

static void add_kernel(struct plot_panel *panel, const struct result_cell *cell, const char *label,
		       const struct metric *metric, double at)
{
	unsigned int style = (unsigned int)panel->nr_lines / 2;
	struct plot_line *line;
	double *values;
	struct sequence s;
	size_t n = 0;

	sequence_of(&s, cell);
	values = calloc(s.nr + 1, sizeof(*values));
	if (values && s.nr) {
		line = plot_add_line(panel, PLOT_LINE, NULL, style);
		add_dots(line, &s, metric, at, values, &n);
		stats_sort(values, n);
		line = plot_add_line(panel, PLOT_BOX, NULL, style);
		if (n)
			plot_add_point(line, (struct plot_point){at, stats_quantile(values, n, 0.5),
								 stats_quantile(values, n, 0.25),
								 stats_quantile(values, n, 0.75)});
		plot_add_tic(panel, at, label);
	}
	sequence_free(&s);
	free(values);
}

static void add_panel(struct plot *plot, const struct plot_points *points,
		      const struct metric *metric)
{
	char *title = plot_title(points), *with_role = NULL;
	const struct results *r = points->r;
	const struct result_cell *cell;
	struct plot_panel *panel;
	size_t k;

	if (metric && metric->role && title &&
	    asprintf(&with_role, "%s, %s", title, metric->role) >= 0) {
		free(title);
		title = with_role;
	}
	panel = plot_add_panel(plot, PLOT_RUNS, title);
	if (!panel)
		return;
	for (k = 0; k < r->nr_kernels; k++) {
		cell = results_cell(r, k, points->point[0]);
		if (cell && cell->nr_ok && (!metric->role || cell_role(cell, metric->role)))
			add_kernel(panel, cell, r->kernels[k].label, metric,
				   (double)panel->nr_tics);
	}
	plot_scale_metric(panel, points, metric);
}

void plot_runs(struct plot *plot, const struct plot_points *points)
{
	struct plot_points one = {.r = points->r, .nr = 1, .metric = points->metric};
	const struct metric *metric[PLOT_METRICS];
	size_t i, s, nr;

	for (i = 0; i < points->nr; i++) {
		one.point = &points->point[i];
		nr = plot_metrics(&one, metric);
		for (s = 0; s < nr; s++)
			add_panel(plot, &one, metric[s]);
	}
}
