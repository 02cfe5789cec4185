// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Quantiles of latencies, a panel a contended point. Quantile q stands at -log10(1 - q), so that
 * each further nine is one further to the right, as HdrHistogram draws them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/plot/makers.h"
#include "analysis/results/machine_facts.h"

#define STEP 0.25

/* What the clock cannot tell from 0 is not drawn. The last point is the longest latency. */
static void add_quantiles(struct plot_line *line, const struct hist *hist, double resolution)
{
	double end = log10((double)hist->count), at, ns;

	for (at = STEP; at < end; at += STEP) {
		ns = hist_quantile(hist, 1 - pow(10, -at));
		if (!(ns < resolution))
			plot_add_point(line, (struct plot_point){at, ns, NAN, NAN});
	}
	if (!((double)hist->max_ns < resolution))
		plot_add_point(line, (struct plot_point){end, (double)hist->max_ns, NAN, NAN});
}

static void add_tics(struct plot_panel *panel, double end)
{
	static const struct {
		double q;
		const char *text;
	} tics[] = {{0.5, "50%"},	  {0.9, "90%"},	      {0.99, "99%"},
		    {0.999, "99.9%"},	  {0.9999, "99.99%"}, {0.99999, "5 nines"},
		    {0.999999, "6 nines"}};
	size_t i;

	for (i = 0; i < sizeof(tics) / sizeof(tics[0]); i++)
		if (-log10(1 - tics[i].q) <= end)
			plot_add_tic(panel, -log10(1 - tics[i].q), tics[i].text);
}

static void add_panel(struct plot *plot, const struct plot_points *point)
{
	const struct results *r = point->r;
	const struct metric *metric[PLOT_METRICS];
	struct plot_panel *panel;
	const struct result_role *role;
	const struct result_kernel *kernel;
	size_t k, s, nr = plot_metrics(point, metric);
	double end = 0;

	panel = metric[0] && metric[0]->role ? plot_add_panel(plot, PLOT_LATENCY, plot_title(point))
					     : NULL;
	if (!panel)
		return;
	for (s = 0; s < nr; s++) {
		for (k = 0; k < r->nr_kernels; k++) {
			kernel = &r->kernels[k];
			role = cell_role(results_cell(r, k, point->point[0]), metric[s]->role);
			if (!role || !role->latency.count)
				continue;
			end = fmax(end, log10((double)role->latency.count));
			add_quantiles(
				plot_add_line(panel, PLOT_LINE,
					      plot_label(r->nr_kernels > 1 ? kernel->label : NULL,
							 role->role),
					      (unsigned int)panel->nr_lines),
				&role->latency,
				fact_number(kernel->machine, "clock.resolution_ns"));
			plot_drop_empty(panel);
		}
	}
	add_tics(panel, end);
	panel->x_label = strdup("quantile");
	plot_scale(panel, "latency of one operation", "ns");
	panel->log_y = true;
}

void plot_latency(struct plot *plot, const struct plot_points *points)
{
	struct plot_points one = {.r = points->r, .nr = 1};
	size_t i;

	for (i = 0; i < points->nr; i++) {
		one.point = &points->point[i];
		add_panel(plot, &one);
	}
}
