// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which panels there are.
 */
#include "analysis/plot/plot.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/results/machine_facts.h"
#include "analysis/results/point_names.h"
#include "analysis/tables/series.h"

static const struct {
	const char *name, *summary, *meaning;
} kinds[NR_PLOT_KINDS] = {
	[PLOT_THREADS] = {"threads", "operations a second by threads, processes or faulters",
			  "Means, with 95 % intervals of run means, of boot means where "
			  "there are several boots."},
	[PLOT_ORDER] = {"order", "time or instructions of one op by folio order",
			"Means, with 95 % intervals of run means, of boot means where "
			"there are several boots."},
	[PLOT_RUNS] = {"runs", "each run, and their quartiles, of each kernel",
		       "Run means in their order, joined within a boot; boxes: quartiles "
		       "and median of the runs."},
	[PLOT_LATENCY] = {"latency", "quantiles of the latencies of contended points",
			  "Quantiles of single operations of all ok runs; the last "
			  "point is the longest one."},
	[PLOT_SERIES] = {"series", "changes relative to the first kernel, patch by patch",
			 "Changes relative to the first, with intervals: 95 %, of counts "
			 "99 % of differences of paired boots."},
};

enum plot_kind plot_kind_find(const char *name)
{
	unsigned int k;

	for (k = 0; k < NR_PLOT_KINDS && strcmp(kinds[k].name, name); k++)
		;
	return k;
}

const char *plot_kind_name(enum plot_kind kind)
{
	return kinds[kind].name;
}

const char *plot_kind_summary(enum plot_kind kind)
{
	return kinds[kind].summary;
}

const char *plot_meaning(enum plot_kind kind)
{
	return kinds[kind].meaning;
}

static bool vary(const struct plot_points *points, const char *name)
{
	const json_t *first = json_object_get(points->r->points[points->point[0]], name), *other;
	size_t i;

	for (i = 1; first && i < points->nr; i++) {
		other = json_object_get(points->r->points[points->point[i]], name);
		if (other && !json_equal(first, other))
			return true;
	}
	return false;
}

const char *plot_crew(const struct plot_points *points)
{
	static const char *const names[] = {"threads",
					    "operations a second by threads, processes or faulters",
					    "processes", "faulters"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (vary(points, names[i]))
			return names[i];
	return NULL;
}

static size_t add_roles(const struct metric *ret[PLOT_METRICS], size_t nr,
			const struct result_cell *cell)
{
	unsigned int s;
	size_t known;

	for (s = 0; cell && s < cell->nr_roles && nr < PLOT_METRICS; s++) {
		for (known = 0; known < nr; known++)
			if (ret[known] == cell->roles[s].rate)
				break;
		if (known == nr)
			ret[nr++] = cell->roles[s].rate;
	}
	return nr;
}

size_t plot_metrics(const struct plot_points *points, const struct metric *ret[PLOT_METRICS])
{
	const struct metric *op = NULL;
	size_t k, i, nr = 0;

	if (points->metric)
		ret[nr++] = points->metric;
	for (k = 0; !points->metric && k < points->r->nr_kernels; k++)
		for (i = 0; i < points->nr; i++)
			nr = add_roles(ret, nr, results_cell(points->r, k, points->point[i]));
	for (i = 0; i < points->nr && !op; i++)
		op = results_op(points->r, points->point[i]);
	if (!nr)
		ret[nr++] = op;
	return nr;
}

/* What ops consist of: "fault". */
static const char *per_of(const struct plot_points *points)
{
	const struct result_cell *cell;
	size_t k, i;

	for (i = 0; i < points->nr; i++) {
		for (k = 0; k < points->r->nr_kernels; k++) {
			cell = results_cell(points->r, k, points->point[i]);
			if (cell && cell->per)
				return cell->per;
		}
	}
	return "op";
}

void plot_scale_metric(struct plot_panel *panel, const struct plot_points *points,
		       const struct metric *metric)
{
	char what[2 * POINT_TEXT];

	if (!metric || metric_is_time(metric)) {
		plot_scale(panel, "time of one op", "ns");
	} else if (metric->main) {
		plot_scale(panel, metric->role ? metric->unit : "kernel instructions of one op",
			   "");
	} else if (metric->harmonic) { /* rate, rate/worker */
		snprintf(what, sizeof(what), "%.40ss/s%s", per_of(points),
			 metric->name + strlen("rate"));
		plot_scale(panel, what, "");
	} else if (!strcmp(metric->unit, "ns") || !strcmp(metric->unit, "fraction")) {
		plot_scale(panel, metric->name, metric->unit);
	} else {
		snprintf(what, sizeof(what), "%s%s", metric->name,
			 metric->per_unit ? "" : " of one op");
		plot_scale(panel, what, "");
	}
}

char *plot_label(const char *kernel, const char *role)
{
	char *label;

	return asprintf(&label, "%s%s%s", kernel ? kernel : "", kernel && role ? ", " : "",
			role ? role : "") < 0
		       ? NULL
		       : label;
}

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
	return vary(points, "order") ? PLOT_ORDER : PLOT_RUNS;
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

static bool any_emulated(const struct plot_points *points)
{
	const struct result_cell *cell;
	size_t k, i;

	for (k = 0; k < points->r->nr_kernels; k++) {
		for (i = 0; i < points->nr; i++) {
			cell = results_cell(points->r, k, points->point[i]);
			if (cell && cell->source == SOURCE_EMULATED)
				return true;
		}
	}
	return false;
}

char *plot_title(const struct plot_points *points)
{
	json_t **list = calloc(points->nr, sizeof(json_t *));
	const struct result_kernel *first = points->r->kernels;
	char machine[FACTS_TITLE], op[POINT_TEXT], *common, *title = NULL;
	struct params params;
	size_t i;

	if (!list)
		return NULL;
	for (i = 0; i < points->nr; i++)
		list[i] = points->r->points[points->point[i]];
	params_of(&params, list, points->nr);
	common = params_common(&params, list[0]);
	if (asprintf(&title, "%s: %s; %s%s%s%s",
		     params_vary(&params, "variant") ? point_bench(list[0]) : point_op(list[0], op),
		     common ? common : "", points->r->nr_kernels == 1 ? first->label : "",
		     points->r->nr_kernels == 1 ? " on " : "", facts_title(first->machine, machine),
		     any_emulated(points) ? ", emulated" : "") < 0)
		title = NULL;
	free(common);
	free(list);
	return title;
}
