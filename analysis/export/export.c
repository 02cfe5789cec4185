// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the formats share.
 */
#include "analysis/export/export.h"

#include <math.h>
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

bool export_has_column(const struct metric *metric)
{
	return !metric->main || metric->role;
}

double export_resolution(const struct results *results, size_t kernel)
{
	return fact_number(results->kernels[kernel].machine, "clock.resolution_ns");
}

double export_value(const struct result_run *run, const struct metric *metric, double resolution_ns)
{
	double value = run->status == RUN_OK ? run_value(run, metric) : NAN;

	return metric->kind == METRIC_SAMPLED && value < resolution_ns ? NAN : value;
}

void export_number(FILE *out, double value)
{
	if (isfinite(value))
		fprintf(out, "%.15g", value);
}

const char *export_unit(const struct result_run *run)
{
	return run->source == SOURCE_EXACT ? "insn" : "ns";
}
