// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/units.h"
#include "analysis/export/export.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/metric_text.h"

/* JSON has no NaN: what is not there is left out. */
static void set_number(json_t *json, const char *key, double value)
{
	if (isfinite(value))
		json_object_set_new(json, key, json_real(value));
}

static json_t *texts_json(const struct warnings *w)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < w->nr; i++)
		json_array_append_new(array, json_string(w->text[i]));
	return array;
}

static json_t *values_json(const struct results *r, size_t kernel, const struct result_run *run)
{
	double resolution = export_resolution(r, kernel);
	json_t *values = json_object();
	size_t i;

	for (i = 0; i < r->metrics.nr; i++)
		if (export_has_column(r->metrics.of[i]))
			set_number(values, r->metrics.of[i]->name,
				   export_value(run, r->metrics.of[i], resolution));
	return values;
}

static json_t *run_json(const struct results *r, size_t kernel, const struct result_cell *cell,
			const struct result_run *run)
{
	const char *reason = run->reason ? run->reason : cell->differs;
	json_t *json = json_pack("{s:i,s:i,s:s}", "boot", run->boot, "run", run->run, "status",
				 run_status_name(run->status));

	if (run->status != RUN_OK) {
		json_object_set_new(json, "reason", reason ? json_string(reason) : json_null());
		return json;
	}
	json_object_set_new(json, "source", json_string(run_source_name(run->source)));
	json_object_set_new(json, "iterations", json_integer((json_int_t)run->iterations));
	set_number(json, "mean", run_value(run, cell->op));
	set_number(json, "min", run->min);
	set_number(json, "max", run->max);
	json_object_set_new(json, "values", values_json(r, kernel, run));
	return json;
}

/* {name: {"refused": why, "counted": share of the time}}, of counters that have either. */
static json_t *counters_json(const struct result_cell *cell)
{
	const struct result_counter *counter;
	json_t *json = json_object(), *one;
	size_t i;

	for (i = 0; i < cell->nr_counters; i++) {
		counter = &cell->counters[i];
		one = json_object();
		if (counter->refused)
			json_object_set_new(one, "refused", json_string(counter->refused));
		if (counter->running < counter->enabled)
			set_number(one, "counted", counter->running / counter->enabled);
		if (json_object_size(one))
			json_object_set(json, counter->metric->name, one);
		json_decref(one);
	}
	return json;
}

static void set_units(json_t *json, const struct result_cell *cell)
{
	double *units = calloc(cell->nr_ok, sizeof(*units));
	json_t *array = json_array();
	size_t i, n = units ? cell_units(cell, cell->op, units) : 0;

	for (i = 0; i < n; i++)
		json_array_append_new(array, json_real(units[i]));
	json_object_set_new(json, "units", array);
	free(units);
}

static json_t *cell_json(const struct results *r, size_t kernel, size_t point)
{
	const struct result_cell *cell = results_cell(r, kernel, point);
	json_t *json = json_pack("{s:s,s:O}", "kernel", r->kernels[kernel].label, "point",
				 r->points[point]),
	       *runs = json_array();
	char *trouble = cell_trouble(cell);
	size_t i;

	if (trouble)
		json_object_set_new(json, "trouble", json_string(trouble));
	free(trouble);
	for (i = 0; cell && i < cell->nr; i++) {
		if (cell->runs[i].status == RUN_OK && !json_object_get(json, "unit"))
			json_object_set_new(json, "unit", json_string(export_unit(&cell->runs[i])));
		json_array_append_new(runs, run_json(r, kernel, cell, &cell->runs[i]));
	}
	if (cell && cell->nr_ok) {
		json_object_set_new(json, "unit_is",
				    json_string(cell_boots(cell) > 1 ? "boot" : "run"));
		set_units(json, cell);
		set_number(json, "mean", cell_mean(cell, cell->op));
		set_number(json, "rel_sd", cell_rel_sd(cell, cell->op));
		json_object_set_new(json, "counters", counters_json(cell));
		json_object_set_new(json, "notes", texts_json(&cell->warnings));
	}
	json_object_set_new(json, "runs", runs);
	return json;
}

static json_t *metrics_json(const struct results *r)
{
	json_t *array = json_array();
	const struct metric *m;
	size_t i;

	for (i = 0; i < r->metrics.nr; i++) {
		m = r->metrics.of[i];
		if (export_has_column(m))
			json_array_append_new(array,
					      json_pack("{s:s,s:s,s:s}", "name", m->name, "unit",
							m->unit, "better", metric_better(m)));
	}
	return array;
}

static json_t *section_json(const struct results *r)
{
	json_t *kernels = json_array(), *cells = json_array();
	char title[FACTS_TITLE];
	size_t k, p;

	for (k = 0; k < r->nr_kernels; k++) {
		json_array_append_new(kernels,
				      json_pack("{s:s,s:s}", "label", r->kernels[k].label, "cpu",
						facts_title(r->kernels[k].machine, title)));
		for (p = 0; p < r->nr_points; p++)
			json_array_append_new(cells, cell_json(r, k, p));
	}
	return json_pack("{s:o,s:o,s:o,s:o}", "kernels", kernels, "warnings",
			 texts_json(&r->warnings), "metrics", metrics_json(r), "cells", cells);
}

void export_json(FILE *out, const struct sections *s)
{
	json_t *list = json_array(), *one, *all;
	size_t i;

	for (i = 0; i < s->nr; i++) {
		one = section_json(&s->of[i].results);
		if (s->nr > 1)
			json_object_set_new(one, "source",
					    json_string(run_source_name(s->of[i].results.source)));
		json_array_append_new(list, one);
	}
	all = s->nr > 1 ? json_pack("{s:O}", "sections", list)
			: json_incref(json_array_get(list, 0));
	json_dumpf(all, out, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
	fputc('\n', out);
	json_decref(all);
	json_decref(list);
}
