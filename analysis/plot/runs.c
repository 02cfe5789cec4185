// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every run of every kernel, a panel a point, and the quartiles.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/units.h"
#include "analysis/plot/plot.h"
#include "analysis/stats/summary.h"

#define WIDTH 0.7 /* of a kernel's runs; kernels are 1 apart */

/* Runs from left to right, with a gap between boots. Leaves their values in `sorted`. */
static void add_dots(struct plot_line *line, const struct sequence *s, int side, double at,
		     double *sorted, size_t *ret_nr)
{
	double value, x;
	size_t i, n = 0;

	for (i = 0; i < s->nr; i++) {
		value = run_value(s->run[i], side);
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
		       int side, double at)
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
		add_dots(line, &s, side, at, values, &n);
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

static void add_panel(struct plot *plot, const struct plot_points *points, const char *role)
{
	char *title = plot_title(points), *with_role = NULL;
	const struct results *r = points->r;
	const struct result_cell *cell;
	struct plot_panel *panel;
	bool exact = false;
	size_t k;
	int side;

	if (role && title && asprintf(&with_role, "%s, %s", title, role) >= 0) {
		free(title);
		title = with_role;
	}
	panel = plot_add_panel(plot, PLOT_RUNS, title);
	if (!panel)
		return;
	for (k = 0; k < r->nr_kernels; k++) {
		cell = results_cell(r, k, points->point[0]);
		side = role ? cell_side(cell, role) : RESULT_OP;
		if (!cell || !cell->nr_ok || (role && side < 0))
			continue;
		exact |= !strcmp(cell->source, "exact");
		add_kernel(panel, cell, r->kernels[k].label, side, (double)panel->nr_tics);
	}
	if (role)
		plot_scale(panel, "ops/s", "");
	else
		plot_scale(panel, exact ? "kernel instructions of one op" : "time of one op",
			   exact ? "" : "ns");
}

void plot_runs(struct plot *plot, const struct plot_points *points)
{
	struct plot_points one = {.r = points->r, .nr = 1};
	const char *role[PLOT_ROLES];
	size_t i, s, nr;

	for (i = 0; i < points->nr; i++) {
		one.point = &points->point[i];
		nr = plot_roles(&one, role);
		for (s = 0; s < nr; s++)
			add_panel(plot, &one, role[s]);
	}
}
