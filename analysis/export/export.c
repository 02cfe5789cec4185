// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the formats share.
 */
#include "analysis/export/export.h"

#include <math.h>
#include <string.h>

#include "analysis/results/exact_counts.h"
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

static void add_value(struct export_values *values, const char *role, int value, bool more,
		      const char *what, const char *unit)
{
	if (values->nr == EXPORT_VALUES)
		return;
	snprintf(values->of[values->nr].name, POINT_TEXT, "%.50s%s%s", what,
		 *unit == '/' ? "" : "-", unit);
	point_dashed(values->of[values->nr].name);
	values->of[values->nr].role = role;
	values->of[values->nr].value = value;
	values->of[values->nr++].more = more;
}

static void add_role(struct export_values *values, const char *role)
{
	static const char *const quantiles[RESULT_QUANTILES] = {"p50-ns", "p99-ns"};
	size_t i;

	for (i = 0; i < values->nr; i++)
		if (values->of[i].role && !strcmp(values->of[i].role, role))
			return;
	add_value(values, role, 0, true, role, "ops/s");
	for (i = 0; i < RESULT_QUANTILES; i++)
		add_value(values, role, RESULT_LATENCY(0, i), false, role, quantiles[i]);
}

void export_values_of(struct export_values *ret, const struct results *r)
{
	const struct figure_row *figure;
	const struct result_cell *cell;
	bool exact = false;
	size_t k, p, s;

	*ret = (struct export_values){0};
	for (k = 0; k < r->nr_kernels; k++) {
		exact |= r->kernels[k].exact;
		for (p = 0; p < r->nr_points; p++) {
			cell = results_cell(r, k, p);
			for (s = 0; cell && s < cell->nr_sides; s++)
				add_role(ret, cell->sides[s].role);
		}
	}
	for (figure = figure_rows; exact && figure->name; figure++)
		if (figure->value != RESULT_OP)
			add_value(ret, NULL, figure->value, false, figure->name, "/op");
}

void export_values_kernel(struct export_values *values, const struct result_kernel *kernel)
{
	values->resolution_ns = fact_number(kernel->machine, "clock.resolution_ns");
}

double export_value(const struct export_values *values, size_t i, const struct result_cell *cell,
		    const struct result_run *run)
{
	int value = values->of[i].value, side;
	double ns;

	if (run->status != RUN_OK)
		return NAN;
	if (!values->of[i].role)
		return run_value(run, value);
	side = cell_side(cell, values->of[i].role);
	if (side < 0)
		return NAN;
	if (!value)
		return run_value(run, side);
	ns = run_value(run, value + side * RESULT_QUANTILES);
	return ns < values->resolution_ns ? NAN : ns;
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
