// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the formats share.
 */
#include "analysis/export/export.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/machine_facts.h"

const char export_formats[] = "csv, go, json";

export_fn *export_format(const char *name)
{
	static const struct {
		const char *name;
		export_fn *fn;
	} formats[] = {{"csv", export_csv}, {"go", export_go}, {"json", export_json}};
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return formats[i].fn;
	return NULL;
}

static void add_column(struct export_columns *columns, const struct metric *m)
{
	const char *what = m->alias ? m->alias : metric_what(m);
	char *name = columns->of[columns->nr].name;

	if (!m->role)
		snprintf(name, POINT_TEXT, "%.50s/op", m->name);
	else if (m->main)
		snprintf(name, POINT_TEXT, "%.50s-%s", m->role, m->unit);
	else
		snprintf(name, POINT_TEXT, "%.50s-%s-%s", m->role, what, m->unit);
	point_dashed(name);
	columns->of[columns->nr++].metric = m;
}

void export_columns_of(struct export_columns *ret, const struct results *r)
{
	size_t i;

	*ret = (struct export_columns){.of = calloc(r->metrics.nr + 1, sizeof(*ret->of))};
	for (i = 0; ret->of && i < r->metrics.nr; i++)
		if (r->metrics.of[i]->group != METRIC_OF_OP &&
		    r->metrics.of[i]->group != METRIC_OF_VMSTAT &&
		    (r->metrics.of[i]->group == METRIC_OF_ROLE || !r->metrics.of[i]->main))
			add_column(ret, r->metrics.of[i]);
}

void export_columns_kernel(struct export_columns *columns, const struct result_kernel *kernel)
{
	columns->resolution_ns = fact_number(kernel->machine, "clock.resolution_ns");
}

double export_value(const struct export_columns *columns, size_t i, const struct result_run *run)
{
	const struct metric *m = columns->of[i].metric;
	double value = run->status == RUN_OK ? run_value(run, m) : NAN;

	return m->kind == METRIC_SAMPLED && value < columns->resolution_ns ? NAN : value;
}

void export_number(FILE *out, double value)
{
	if (isfinite(value))
		fprintf(out, "%.15g", value);
}

const char *export_unit(const struct result_run *run)
{
	return !strcmp(run->source, "exact") ? "insn" : "ns";
}
