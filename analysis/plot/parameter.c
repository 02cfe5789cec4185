// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines along a parameter: scaling by threads, times by folio order.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/blocks.h"
#include "analysis/compare/stopping.h"
#include "analysis/compare/units.h"
#include "analysis/plot/makers.h"
#include "analysis/results/point_names.h"
#include "analysis/stats/interval.h"
#include "common/units.h"

struct by_parameter {
	const struct results *r;
	enum plot_kind kind;
	const char *x;
	struct plot_points in; /* the panel */
	double *at;	       /* its values of x, ascending; folio orders end with the PMD's */
	size_t nr_at;
	bool rates; /* of that, in place of time or instructions of an op */
};

/* What lines of one panel have in common: all but x, or the operation if kernels are no lines. */
static json_t *rest_of(const json_t *point, const char *x, bool op_only)
{
	json_t *rest = op_only ? json_pack("{s:s,s:s}", "bench", point_bench(point), "variant",
					   point_variant(point))
			       : json_copy((json_t *)point);

	json_object_del(rest, x);
	return rest;
}

static bool same_rest(const json_t *a, const json_t *b, const char *x, bool op_only)
{
	json_t *rest[2] = {rest_of(a, x, op_only), rest_of(b, x, op_only)};
	bool same = json_equal(rest[0], rest[1]);

	json_decref(rest[0]);
	json_decref(rest[1]);
	return same;
}

#define PMD   99 /* above every folio order */
#define BYTES 32 /* folios asked for by 2^n bytes are at n more than that, between them */

static double x_of(const struct by_parameter *b, size_t point)
{
	const json_t *value = json_object_get(b->r->points[point], b->x);

	const char *text = json_string_value(value);
	int64_t bytes;

	if (json_is_number(value))
		return json_number_value(value);
	if (text && units_parse_bytes(text, &bytes) && bytes > 0)
		return BYTES + log2((double)bytes);
	return text && !strcmp(text, "pmd") ? PMD : NAN;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Collects the values of x that have numbers. */
static void find_at(struct by_parameter *b)
{
	const struct result_cell *cell;
	size_t i, k, n = 0;

	b->rates = b->kind == PLOT_THREADS;
	for (i = 0; i < b->in.nr; i++) {
		for (k = 0; k < b->r->nr_kernels; k++) {
			cell = results_cell(b->r, k, b->in.point[i]);
			if (!cell || !cell->nr_ok || isnan(x_of(b, b->in.point[i])))
				continue;
			b->rates &= metric_is_time(cell->op);
			b->at[n++] = x_of(b, b->in.point[i]);
			break;
		}
	}
	qsort(b->at, n, sizeof(*b->at), ascending);
	for (i = b->nr_at = 0; i < n; i++)
		if (!i || b->at[i] != b->at[i - 1])
			b->at[b->nr_at++] = b->at[i];
}

/* Where x stands: orders side by side. */
static double position(const struct by_parameter *b, double x)
{
	size_t i = 0;

	while (b->kind == PLOT_ORDER && b->at[i] < x)
		i++;
	return b->kind == PLOT_ORDER ? (double)i : x;
}

/* The mean as in the tables, and its interval. */
static void add_cell(const struct by_parameter *b, struct plot_line *line,
		     const struct result_cell *cell, const struct metric *metric, double x)
{
	double *units = calloc(cell->nr_ok, sizeof(*units)), mean, nominal = until_nominal(b->r);
	struct interval interval;
	size_t n;

	if (!units)
		return;
	n = cell_units(cell, metric, units);
	mean = n ? metric_mean(metric, units, n) : NAN;
	interval = units_interval(metric, units, n);
	if (isfinite(mean))
		plot_add_point(line,
			       (struct plot_point){x, mean, interval_low(&interval, nominal) + 1,
						   interval_high(&interval, nominal) + 1});
	free(units);
}

/* "baseline, order-9 (pte-map), faulters": what of that varies; malloc'ed. */
static char *label_of(const struct by_parameter *b, const struct params *params, size_t kernel,
		      const json_t *point, const char *role)
{
	char *label = NULL, text[POINT_TEXT];
	size_t i, size;
	FILE *out = open_memstream(&label, &size);

	if (!out)
		return NULL;
	if (b->r->nr_kernels > 1)
		fprintf(out, ", %s", b->r->kernels[kernel].label);
	for (i = 0; i < params->nr; i++)
		if (params->varies[i] && strcmp(params->name[i], b->x) &&
		    json_object_get(point, params->name[i]))
			fprintf(out, ", %s", point_param(point, params->name[i], text));
	if (role)
		fprintf(out, ", %s", role);
	fclose(out);
	if (!label || !*label)
		return label;
	memmove(label, label + 2, strlen(label + 2) + 1);
	return label;
}

/* One kernel, the points that are like one of them in all but x, one role. */
static void add_line(struct by_parameter *b, struct plot_panel *panel, const struct params *params,
		     size_t kernel, size_t like, const struct metric *metric)
{
	const json_t *point = b->r->points[b->in.point[like]];
	const struct result_cell *cell;
	struct plot_line *line;
	size_t a, i;

	line = plot_add_line(panel, PLOT_LINE,
			     label_of(b, params, kernel, point, metric ? metric->role : NULL),
			     (unsigned int)panel->nr_lines);
	for (a = 0; a < b->nr_at; a++) {
		for (i = 0; i < b->in.nr; i++) {
			cell = results_cell(b->r, kernel, b->in.point[i]);
			if (cell && cell->nr_ok &&
			    (!metric->role || cell_role(cell, metric->role)) &&
			    x_of(b, b->in.point[i]) == b->at[a] &&
			    same_rest(point, b->r->points[b->in.point[i]], b->x, false))
				add_cell(b, line, cell, metric, position(b, b->at[a]));
		}
	}
	plot_drop_empty(panel);
}

/* plot_metrics(), rates in place of the time of an op that has them. */
static size_t lines_of(const struct by_parameter *b, const struct metric *ret[PLOT_METRICS])
{
	size_t nr = plot_metrics(&b->in, ret);

	if (b->rates && !b->in.metric && ret[0] && !ret[0]->role)
		ret[0] = metrics_find(&b->r->metrics, "rate");
	return nr;
}

/* Lines of one kernel for each combination of the other parameters. */
static void add_lines(struct by_parameter *b, struct plot_panel *panel, const struct params *params,
		      size_t kernel)
{
	const struct metric *metric[PLOT_METRICS];
	size_t i, before, s, nr = lines_of(b, metric);

	for (i = 0; i < b->in.nr; i++) {
		for (before = 0; before < i; before++)
			if (same_rest(b->r->points[b->in.point[before]],
				      b->r->points[b->in.point[i]], b->x, false))
				break;
		if (before < i)
			continue;
		for (s = 0; s < nr; s++)
			add_line(b, panel, params, kernel, i, metric[s]);
	}
}

static void add_tics(const struct by_parameter *b, struct plot_panel *panel)
{
	char text[32];
	size_t i;

	for (i = 0; i < b->nr_at; i++) {
		if (b->at[i] == PMD)
			snprintf(text, sizeof(text), "pmd");
		else if (b->kind == PLOT_ORDER && b->at[i] > BYTES)
			units_bytes(1LL << lround(b->at[i] - BYTES), text);
		else
			snprintf(text, sizeof(text), "%.0f", b->at[i]);
		plot_add_tic(panel, position(b, b->at[i]), text);
	}
	panel->log_x =
		b->kind == PLOT_THREADS && b->at[0] > 0 && b->at[b->nr_at - 1] >= 8 * b->at[0];
	panel->x_label = strdup(b->kind == PLOT_ORDER ? "folio order" : b->x);
}

static void add_panel(struct plot *plot, struct by_parameter *b)
{
	json_t **list = calloc(b->in.nr, sizeof(json_t *));
	struct plot_panel *panel;
	struct params params;
	const struct metric *metric[PLOT_METRICS];
	size_t i, k;

	find_at(b);
	if (!list || b->nr_at < 2 || !(panel = plot_add_panel(plot, b->kind, plot_title(&b->in)))) {
		free(list);
		return;
	}
	for (i = 0; i < b->in.nr; i++)
		list[i] = b->r->points[b->in.point[i]];
	params_of(&params, list, b->in.nr);
	for (k = 0; k < b->r->nr_kernels; k++)
		add_lines(b, panel, &params, k);
	add_tics(b, panel);
	lines_of(b, metric);
	plot_scale_metric(panel, &b->in, metric[0]);
	free(list);
}

void plot_by_parameter(struct plot *plot, const struct plot_points *points, enum plot_kind kind,
		       const char *x)
{
	struct by_parameter b = {.r = points->r,
				 .kind = kind,
				 .x = x,
				 .in = {.r = points->r, .metric = points->metric}};
	bool *done = calloc(points->nr, sizeof(*done)), op_only = points->r->nr_kernels == 1;
	size_t first, i;

	b.in.point = calloc(points->nr, sizeof(*b.in.point));
	b.at = calloc(points->nr, sizeof(*b.at));
	for (first = 0; done && b.in.point && b.at && first < points->nr; first++) {
		if (done[first])
			continue;
		for (i = first, b.in.nr = 0; i < points->nr; i++) {
			if (!same_rest(b.r->points[points->point[first]],
				       b.r->points[points->point[i]], x, op_only))
				continue;
			done[i] = true;
			b.in.point[b.in.nr++] = points->point[i];
		}
		add_panel(plot, &b);
	}
	free(done);
	free(b.in.point);
	free(b.at);
}
