// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text for benchstat. Quirks of its reader that matter here: -digits at the end of a name are taken
 * for GOMAXPROCS; fields end at blanks, parts of a name at '/', their keys at '='; results with
 * other configuration lines go into another table; "ns" is shown as seconds.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/units.h"
#include "analysis/export/export.h"
#include "analysis/results/machine_facts.h"

/* What could end a part of a name is written as in a URL. Dashes are, where digits end the name. */
static void put_part(FILE *out, const char *text)
{
	const char *dash = strrchr(text, '-');

	if (dash && dash[1 + strspn(dash + 1, "0123456789")])
		dash = NULL;
	for (; *text; text++) {
		if ((unsigned char)*text <= ' ' || *text == 0x7f || strchr("/=%", *text) ||
		    (unsigned char)*text >= 0x80 || text == dash)
			fprintf(out, "%%%02X", (unsigned char)*text);
		else
			fputc(*text, out);
	}
}

/* "BenchmarkFork/size=1G/order=0/place=core" */
static void put_name(FILE *out, const json_t *point)
{
	const char *bench = point_bench(point);
	char text[POINT_TEXT];
	struct params params;
	size_t i;

	params_of(&params, (json_t *const *)&point, 1);
	fprintf(out, "Benchmark%c", toupper((unsigned char)*bench));
	put_part(out, *bench ? bench + 1 : "");
	for (i = 0; i < params.nr; i++) {
		if (!strcmp(params.name[i], "variant") && !strcmp(point_variant(point), bench))
			continue;
		fputc('/', out);
		put_part(out, params.name[i]);
		fputc('=', out);
		put_part(out, point_value(point, params.name[i], text));
	}
}

/* A configuration line: its value is the rest of the line. */
static void put_config(FILE *out, const char *key, const char *value)
{
	fprintf(out, "%s: ", key);
	for (; *value; value++)
		fputc(iscntrl((unsigned char)*value) ? ' ' : *value, out);
	fputc('\n', out);
}

/* The runs of one unit of inference. */
struct unit_runs {
	const struct result_cell *cell;
	const struct result_run *const *run;
	size_t nr;
};

/* Mean over the unit's runs; i: as for export_value(), -1: of what an op is measured by. NaN if
 * none has it. */
static double unit_mean(const struct unit_runs *u, const struct export_columns *columns, int i)
{
	double sum = 0, value;
	size_t k, n = 0;

	for (k = 0; k < u->nr; k++) {
		value = i < 0 ? run_value(u->run[k], u->cell->op)
			      : export_value(columns, (size_t)i, u->run[k]);
		if (isnan(value))
			continue;
		sum += value;
		n++;
	}
	return n ? sum / (double)n : NAN;
}

static void put_value(FILE *out, double value, const char *unit)
{
	if (!isfinite(value))
		return;
	fputc(' ', out);
	export_number(out, value);
	fprintf(out, " %s", unit);
}

/* The time of a contended op is what its plan says, and no result. */
static bool put_unit(FILE *out, const struct unit_runs *u, const struct export_columns *columns,
		     const json_t *point)
{
	char *text = NULL, unit[16];
	size_t i, size, iterations = 0;
	FILE *list = open_memstream(&text, &size);

	if (!list)
		return false;
	for (i = 0; i < u->nr; i++)
		iterations += u->run[i]->iterations;
	snprintf(unit, sizeof(unit), "%s/op", export_unit(u->run[0]));
	if (!u->cell->nr_roles)
		put_value(list, unit_mean(u, columns, -1), unit);
	for (i = 0; i < columns->nr; i++)
		put_value(list, unit_mean(u, columns, (int)i), columns->of[i].name);
	fclose(list);
	if (*text) {
		put_name(out, point);
		fprintf(out, " %zu%s\n", iterations, text);
	}
	free(text);
	return true;
}

static void put_cell(FILE *out, const struct result_cell *cell,
		     const struct export_columns *columns, const json_t *point)
{
	struct unit_runs u = {.cell = cell};
	struct sequence s;
	size_t i, end;

	put_config(out, "source", cell->source);
	sequence_of(&s, cell);
	for (i = 0; i < s.nr; i = end) {
		end = sequence_end(&s, i, s.boots > 1);
		u.run = s.run + i;
		u.nr = end - i;
		put_unit(out, &u, columns, point);
	}
	sequence_free(&s);
}

void export_go(FILE *out, const struct results *r)
{
	const struct result_cell *cell;
	struct export_columns columns;
	char title[FACTS_TITLE];
	size_t k, p, i;

	export_columns_of(&columns, r);
	for (i = 0; i < columns.nr; i++)
		if (columns.of[i].metric->better == METRIC_MORE)
			fprintf(out, "Unit %s better=higher\n", columns.of[i].name);
	for (k = 0; k < r->nr_kernels; k++) {
		export_columns_kernel(&columns, &r->kernels[k]);
		put_config(out, "kernel", r->kernels[k].label);
		put_config(out, "cpu", facts_title(r->kernels[k].machine, title));
		for (p = 0; p < r->nr_points; p++) {
			cell = results_cell(r, k, p);
			if (cell && cell->nr_ok)
				put_cell(out, cell, &columns, r->points[p]);
		}
	}
	free(columns.of);
}
