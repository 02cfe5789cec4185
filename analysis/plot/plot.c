// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/plot/plot.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/plot/makers.h"
#include "analysis/results/point_names.h"
#include "analysis/tables/series.h"

static enum plot_kind kind_of(const struct plot_points *points)
{
	const struct metric *metric[PLOT_METRICS];

	if (series_in(points->r))
		return PLOT_SERIES;
	plot_metrics(points, metric);
	if (!points->metric && metric[0] && metric[0]->role)
		return PLOT_LATENCY;
	if (plot_crew(points))
		return PLOT_THREADS;
	return plot_varies(points, "order") ? PLOT_ORDER : PLOT_RUNS;
}

static void add_panels(struct plot *plot, const struct plot_points *points, enum plot_kind kind)
{
	size_t before = plot->nr;

	switch (kind == PLOT_ANY ? kind_of(points) : kind) {
	case PLOT_THREADS:
		if (plot_crew(points))
			plot_by_parameter(plot, points, PLOT_THREADS, plot_crew(points));
		break;
	case PLOT_ORDER:
		plot_by_parameter(plot, points, PLOT_ORDER, "order");
		break;
	case PLOT_RUNS:
		plot_runs(plot, points);
		break;
	case PLOT_LATENCY:
		plot_latency(plot, points);
		break;
	case PLOT_SERIES:
		plot_series(plot, points);
		break;
	case PLOT_FLAME:
		plot_flame(plot, points);
		break;
	default:
		break;
	}
	plot_drop_blank(plot, before);
}

/* The panels of each benchmark. */
static void make(struct plot *plot, struct plot_points *points, enum plot_kind kind)
{
	const struct results *r = points->r;
	bool *done = calloc(r->nr_points + 1, sizeof(*done));
	size_t first, p;

	for (first = 0; done && first < r->nr_points; first++) {
		if (done[first])
			continue;
		points->nr = 0;
		for (p = first; p < r->nr_points; p++) {
			if (strcmp(point_bench(r->points[p]), point_bench(r->points[first])))
				continue;
			done[p] = true;
			points->point[points->nr++] = p;
		}
		add_panels(plot, points, kind);
	}
	free(done);
}

void plot_add(struct plot *plot, const struct results *r, enum plot_kind kind,
	      const struct metric *const *metrics, size_t nr_metrics)
{
	struct plot_points points = {.r = r, .point = calloc(r->nr_points + 1, sizeof(size_t))};
	size_t i;

	if (!points.point)
		return;
	if (!nr_metrics)
		make(plot, &points, kind);
	for (i = 0; i < nr_metrics; i++) {
		points.metric = metrics[i];
		make(plot, &points, kind);
	}
	free(points.point);
}
