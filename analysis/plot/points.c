// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/plot/points.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/machine_facts.h"
#include "analysis/results/metric_text.h"
#include "analysis/results/point_names.h"

bool plot_varies(const struct plot_points *points, const char *name)
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
	static const char *const names[] = {"threads", "processes", "faulters"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (plot_varies(points, names[i]))
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
	char what[2 * POINT_TEXT], many[POINT_TEXT];

	if (!metric || metric_is_time(metric)) {
		plot_scale(panel, "time of one op", "ns");
	} else if (metric->main) {
		plot_scale(panel, metric->role ? metric->unit : "kernel instructions of one op",
			   "");
	} else if (metric_is_rate(metric)) { /* rate, rate/worker */
		snprintf(what, sizeof(what), "%.41s/s%s", per_many(per_of(points), many),
			 metric->name + strlen("rate"));
		plot_scale(panel, what, "");
	} else if (!strcmp(metric->unit, "ns") || !strcmp(metric->unit, "fraction")) {
		plot_scale(panel, metric->name, metric->unit);
	} else {
		snprintf(what, sizeof(what), "%s%s%s", metric->name, metric->harmonic ? ", " : "",
			 metric->harmonic   ? metric->unit
			 : metric->per_unit ? ""
					    : " of one op");
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

/* "Intel Xeon VM", or of several machines all names, in order of appearance; malloc'ed. */
static char *machines_of(const struct results *r)
{
	char title[FACTS_TITLE], *text = NULL;
	json_t *names = json_object();
	size_t k, size;
	FILE *out = open_memstream(&text, &size);

	for (k = 0; out && k < r->nr_kernels; k++) {
		facts_title(r->kernels[k].machine, title);
		if (r->kernels[k].machine && !json_object_get(names, title))
			fprintf(out, "%s%s", ftell(out) ? ", " : "", title);
		json_object_set_new(names, title, json_true());
	}
	if (out && !ftell(out))
		fputs(facts_title(NULL, title), out);
	if (out)
		fclose(out);
	json_decref(names);
	return text;
}

char *plot_title(const struct plot_points *points)
{
	json_t **list = calloc(points->nr, sizeof(json_t *));
	const struct result_kernel *first = points->r->kernels;
	char op[POINT_TEXT], *common, *machine, *title = NULL;
	struct params params;
	size_t i;

	if (!list)
		return NULL;
	for (i = 0; i < points->nr; i++)
		list[i] = points->r->points[points->point[i]];
	params_of(&params, list, points->nr);
	common = params_common(&params, list[0]);
	machine = machines_of(points->r);
	if (asprintf(&title, "%s: %s; %s%s%s%s",
		     params_vary(&params, "variant") ? point_bench(list[0]) : point_op(list[0], op),
		     common ? common : "", points->r->nr_kernels == 1 ? first->label : "",
		     points->r->nr_kernels == 1 ? " on " : "", machine ? machine : "",
		     any_emulated(points) ? ", emulated" : "") < 0)
		title = NULL;
	free(machine);
	free(common);
	free(list);
	return title;
}
