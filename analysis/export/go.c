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

/* The runs that are one unit of inference with run `first`: those of its boot, or it alone. */
struct unit_runs {
	const struct result_cell *cell;
	size_t first;
	bool by_boot;
	double resolution_ns;
};

static bool in_unit(const struct unit_runs *u, size_t run)
{
	return u->cell->runs[run].status == RUN_OK &&
	       (u->by_boot ? u->cell->runs[run].boot == u->cell->runs[u->first].boot
			   : run == u->first);
}

/* Mean over the unit's runs; NaN if none has it. */
static double unit_mean(const struct unit_runs *u, const struct metric *metric)
{
	double sum = 0, value;
	size_t run, n = 0;

	for (run = u->first; run < u->cell->nr; run++) {
		if (!in_unit(u, run))
			continue;
		value = export_value(&u->cell->runs[run], metric, u->resolution_ns);
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
	const struct result_cell *cell = u->cell;
	size_t i, size, iterations = 0;
	char *text = NULL;
	FILE *list = open_memstream(&text, &size);

	if (!list)
		return;
	for (i = u->first; i < cell->nr; i++)
		iterations += in_unit(u, i) ? cell->runs[i].iterations : 0;
	if (!cell->nr_roles)
		put_value(list, unit_mean(u, cell->op), cell->op,
			  export_unit(&cell->runs[u->first]));
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
	size_t i;

	if (!cell || !cell->nr_ok)
		return;
	u.by_boot = cell_boots(cell) > 1;
	put_config(out, "source", cell->source);
	for (u.first = 0; u.first < cell->nr; u.first++) {
		for (i = 0; u.by_boot && i < u.first; i++)
			if (in_unit(&u, i))
				break;
		if (cell->runs[u.first].status == RUN_OK && (!u.by_boot || i == u.first))
			put_unit(out, &u, r, point);
	}
}

void export_go(FILE *out, const struct results *r)
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
