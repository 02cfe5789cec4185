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
	fprintf(out, "%s: %s\n", key, value);
}

/* The runs of one unit of inference. */
struct unit_runs {
	const struct result_cell *cell;
	const struct result_run *const *run;
	size_t nr;
	double resolution_ns;
};

/* Mean over the unit's runs; NaN if none has it. */
static double unit_mean(const struct unit_runs *u, const struct metric *metric)
{
	double sum = 0, value;
	size_t k, n = 0;

	for (k = 0; k < u->nr; k++) {
		value = export_value(u->run[k], metric, u->resolution_ns);
		if (isnan(value))
			continue;
		sum += value;
		n++;
	}
	return n ? sum / (double)n : NAN;
}

/*
 * Is it of a unit of its own? benchstat has a table for each, so not what follows from the time of
 * an op, and not all that moves in vmstat.
 */
static bool has_unit(const struct metric *m)
{
	return export_has_column(m) &&
	       (m->shown || (m->group != METRIC_OF_OP && m->group != METRIC_OF_VMSTAT));
}

/* benchstat scales what has ns for a word. */
static void put_unit_name(FILE *out, const struct metric *m)
{
	if (!strcmp(m->unit, "ns") || m->role)
		fprintf(out, "%s-%s", m->name, m->unit);
	else
		fprintf(out, "%s/op", m->name);
}

static void put_value(FILE *out, double value, const struct metric *m, const char *unit)
{
	if (!isfinite(value))
		return;
	fputc(' ', out);
	export_number(out, value);
	fputc(' ', out);
	if (unit)
		fprintf(out, "%s/op", unit);
	else
		put_unit_name(out, m);
}

/* The time of a contended op is what its plan says, and no result. */
static void put_unit(FILE *out, const struct unit_runs *u, const struct results *r, size_t point)
{
	size_t i, size, iterations = 0;
	char *text = NULL;
	FILE *list = open_memstream(&text, &size);

	if (!list)
		return;
	for (i = 0; i < u->nr; i++)
		iterations += u->run[i]->iterations;
	if (!u->cell->nr_roles)
		put_value(list, unit_mean(u, u->cell->op), u->cell->op, export_unit(u->run[0]));
	for (i = 0; i < r->metrics.nr; i++)
		if (has_unit(r->metrics.of[i]))
			put_value(list, unit_mean(u, r->metrics.of[i]), r->metrics.of[i], NULL);
	fclose(list);
	if (*text) {
		put_name(out, r->points[point]);
		fprintf(out, " %zu%s\n", iterations, text);
	}
	free(text);
}

static void put_cell(FILE *out, const struct results *r, size_t kernel, size_t point)
{
	const struct result_cell *cell = results_cell(r, kernel, point);
	struct unit_runs u = {.cell = cell, .resolution_ns = export_resolution(r, kernel)};
	struct sequence s;
	size_t i, end;

	if (!cell || !cell->nr_ok)
		return;
	put_config(out, "source", run_source_name(cell->source));
	sequence_of(&s, cell);
	for (i = 0; i < s.nr; i = end) {
		end = sequence_end(&s, i, s.boots > 1);
		u.run = s.run + i;
		u.nr = end - i;
		put_unit(out, &u, r, point);
	}
	sequence_free(&s);
}

static void put_section(FILE *out, const struct results *r)
{
	char title[FACTS_TITLE];
	size_t k, p, i;

	for (i = 0; i < r->metrics.nr; i++) {
		if (!has_unit(r->metrics.of[i]) || r->metrics.of[i]->better != METRIC_MORE)
			continue;
		fputs("Unit ", out);
		put_unit_name(out, r->metrics.of[i]);
		fputs(" better=higher\n", out);
	}
	for (k = 0; k < r->nr_kernels; k++) {
		put_config(out, "kernel", r->kernels[k].label);
		put_config(out, "cpu", facts_title(r->kernels[k].machine, title));
		for (p = 0; p < r->nr_points; p++)
			put_cell(out, r, k, p);
	}
}

void export_go(FILE *out, const struct sections *s)
{
	size_t i;

	for (i = 0; i < s->nr; i++)
		put_section(out, &s->of[i].results);
}
