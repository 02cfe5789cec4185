// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/export/export.h"

/* Whether a spreadsheet would take the text for a formula, whose functions start programs. */
static bool is_formula(const char *text)
{
	static const char *const begins[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
	size_t i;

	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (!strncmp(text, begins[i], strlen(begins[i])))
			return true;
	return false;
}

/* A field, in quotes where it needs them; a text stays one. */
static void put_text(FILE *out, const char *text)
{
	const char *mark = is_formula(text) ? "'" : "";

	if (!text[strcspn(text, ",\"\r\n")]) {
		fprintf(out, "%s%s", mark, text);
		return;
	}
	fprintf(out, "\"%s", mark);
	for (; *text; text++)
		fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
	fputc('"', out);
}

/* Parameters as in the journal: bytes are not "1G" here. */
static void put_parameter(FILE *out, const json_t *value)
{
	if (json_is_string(value))
		put_text(out, json_string_value(value));
	else if (json_is_integer(value))
		fprintf(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_number(value))
		export_number(out, json_number_value(value));
}

static void put_numbers(FILE *out, const struct result_cell *cell, const struct result_run *run)
{
	const double number[] = {run_value(run, cell->op), run->min, run->max};
	size_t i;

	if (run->status != RUN_OK) {
		fputs(",,,,,,", out);
		return;
	}
	fprintf(out, ",%s", export_unit(run));
	for (i = 0; i < 3; i++) {
		fputc(',', out);
		export_number(out, number[i]);
	}
	fprintf(out, ",%zu,%s", run->iterations, run_source_name(run->source));
}

/* What the rows of all sections have a column for. */
struct columns {
	struct params params;
	const char **metric; /* names */
	size_t nr_metrics;
};

/* A column for each metric that has none yet. */
static void add_metrics(struct columns *c, const struct metrics *metrics)
{
	const char *name;
	size_t i, k;

	for (i = 0; i < metrics->nr; i++) {
		name = metrics->of[i]->name;
		for (k = 0; k < c->nr_metrics && strcmp(c->metric[k], name); k++)
			;
		if (k == c->nr_metrics && export_has_column(metrics->of[i]))
			c->metric[c->nr_metrics++] = name;
	}
}

/* False without memory; then there is nothing to free. */
static bool columns_of(struct columns *ret, const struct sections *s)
{
	size_t i, k, nr = 0, metrics = 0;
	json_t **points;
	bool ok;

	*ret = (struct columns){0};
	for (i = 0; i < s->nr; i++) {
		nr += s->of[i].results.nr_points;
		metrics += s->of[i].results.metrics.nr;
	}
	points = calloc(nr + 1, sizeof(*points));
	ret->metric = calloc(metrics + 1, sizeof(*ret->metric));
	for (i = 0, nr = 0; points && ret->metric && i < s->nr; i++) {
		const struct results *r = &s->of[i].results;

		for (k = 0; k < r->nr_points; k++)
			points[nr++] = r->points[k];
		add_metrics(ret, &r->metrics);
	}
	ok = points && ret->metric;
	if (ok)
		params_of(&ret->params, points, nr);
	else
		free(ret->metric);
	free(points);
	return ok;
}

static void put_row(FILE *out, const struct results *r, const struct columns *c, size_t kernel,
		    size_t point, size_t i)
{
	const struct result_cell *cell = results_cell(r, kernel, point);
	const struct result_run *run = &cell->runs[i];
	const char *reason = run->reason ? run->reason : cell->differs;
	double resolution = export_resolution(r, kernel);
	const struct metric *metric;

	put_text(out, r->kernels[kernel].label);
	fprintf(out, ",%d,%d,", run->boot, run->run);
	put_text(out, point_bench(r->points[point]));
	for (i = 0; i < c->params.nr; i++) {
		fputc(',', out);
		put_parameter(out, json_object_get(r->points[point], c->params.name[i]));
	}
	fprintf(out, ",%s,", run_status_name(run->status));
	put_text(out, run->status != RUN_OK && reason ? reason : "");
	put_numbers(out, cell, run);
	for (i = 0; i < c->nr_metrics; i++) {
		fputc(',', out);
		metric = metrics_find(&r->metrics, c->metric[i]);
		if (metric)
			export_number(out, export_value(run, metric, resolution));
	}
	fputc('\n', out);
}

static void put_head(FILE *out, const struct columns *c)
{
	size_t i;

	fputs("kernel,boot,run,bench", out);
	for (i = 0; i < c->params.nr; i++) {
		fputc(',', out);
		put_text(out, c->params.name[i]);
	}
	fputs(",status,reason,unit,mean,min,max,iterations,source", out);
	for (i = 0; i < c->nr_metrics; i++) {
		fputc(',', out);
		put_text(out, c->metric[i]);
	}
	fputc('\n', out);
}

static void put_rows(FILE *out, const struct results *r, const struct columns *c)
{
	const struct result_cell *cell;
	size_t k, p, i;

	for (k = 0; k < r->nr_kernels; k++) {
		for (p = 0; p < r->nr_points; p++) {
			cell = results_cell(r, k, p);
			for (i = 0; cell && i < cell->nr; i++)
				put_row(out, r, c, k, p, i);
		}
	}
}

void export_csv(FILE *out, const struct sections *s)
{
	struct columns columns;
	size_t i;

	if (!columns_of(&columns, s))
		return;
	put_head(out, &columns);
	for (i = 0; i < s->nr; i++)
		put_rows(out, &s->of[i].results, &columns);
	free(columns.metric);
}
