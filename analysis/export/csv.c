// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <string.h>

#include "analysis/export/export.h"

/* A field in quotes where it needs them. */
static void put_text(FILE *out, const char *text)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
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

static void put_row(FILE *out, const struct results *r, const struct params *params, size_t kernel,
		    size_t point, size_t i)
{
	const struct result_cell *cell = results_cell(r, kernel, point);
	const struct result_run *run = &cell->runs[i];
	const char *reason = run->reason ? run->reason : cell->differs;
	double resolution = export_resolution(r, kernel);

	put_text(out, r->kernels[kernel].label);
	fprintf(out, ",%d,%d,", run->boot, run->run);
	put_text(out, point_bench(r->points[point]));
	for (i = 0; i < params->nr; i++) {
		fputc(',', out);
		put_parameter(out, json_object_get(r->points[point], params->name[i]));
	}
	fprintf(out, ",%s,", run_status_name(run->status));
	put_text(out, run->status != RUN_OK && reason ? reason : "");
	put_numbers(out, cell, run);
	for (i = 0; i < r->metrics.nr; i++) {
		if (!export_has_column(r->metrics.of[i]))
			continue;
		fputc(',', out);
		export_number(out, export_value(run, r->metrics.of[i], resolution));
	}
	fputc('\n', out);
}

static void put_head(FILE *out, const struct results *r, const struct params *params)
{
	size_t i;

	fputs("kernel,boot,run,bench", out);
	for (i = 0; i < params->nr; i++) {
		fputc(',', out);
		put_text(out, params->name[i]);
	}
	fputs(",status,reason,unit,mean,min,max,iterations,source", out);
	for (i = 0; i < r->metrics.nr; i++) {
		if (!export_has_column(r->metrics.of[i]))
			continue;
		fputc(',', out);
		put_text(out, r->metrics.of[i]->name);
	}
	fputc('\n', out);
}

void export_csv(FILE *out, const struct results *r)
{
	const struct result_cell *cell;
	struct params params;
	size_t k, p, i;

	params_of(&params, r->points, r->nr_points);
	put_head(out, r, &params);
	for (k = 0; k < r->nr_kernels; k++) {
		for (p = 0; p < r->nr_points; p++) {
			cell = results_cell(r, k, p);
			for (i = 0; cell && i < cell->nr; i++)
				put_row(out, r, &params, k, p, i);
		}
	}
}
