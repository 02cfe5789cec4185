// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a report is about, and what stands behind it.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/report/report.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/sections.h"
#include "analysis/tables/series.h"
#include "analysis/text/grid.h"

/* Patches of a series, other layouts of its base left out, or kernels. */
static size_t nr_others(const struct results *r)
{
	size_t *row = calloc(r->nr_kernels + 1, sizeof(*row)), nr;

	nr = row && series_in(r) ? series_rows(r, row) : r->nr_kernels;
	free(row);
	return nr - (nr > 0);
}

/* "Ampere Altra (times), ARM Neoverse N1 VM (exact counts)"; one of all parts stands alone;
 * malloc'ed. */
static char *machines(const struct report *r)
{
	char cpu[NR_SOURCES][FACTS_TITLE], *text = NULL;
	const struct tables *t;
	const char *title;
	bool same = true;
	size_t i, size;
	FILE *out = open_memstream(&text, &size);

	for (i = 0; i < r->nr_parts; i++) {
		t = &r->part[i].tables;
		if (t->title)
			snprintf(cpu[i], FACTS_TITLE, "%s", t->title);
		else
			facts_title(t->results->kernels[t->base].machine, cpu[i]);
		same &= !strcmp(cpu[i], cpu[0]);
	}
	for (i = 0; out && i < (same ? 1 : r->nr_parts); i++) {
		title = source_title(r->part[i].tables.results->source);
		fprintf(out, "%s%s", i ? ", " : "", cpu[i]);
		if (!same)
			fprintf(out, " (%c%s)", tolower((unsigned char)*title), title + 1);
	}
	if (out)
		fclose(out);
	return text;
}

void report_print_title(FILE *out, const struct report *r, size_t part)
{
	const struct tables *t = &r->part[part].tables;
	const struct result_kernel *base = &t->results->kernels[t->base];
	const char *posted = base->about.title;
	size_t nr = nr_others(t->results);
	char *all = t->title ? NULL : machines(r);
	const char *machine = t->title ? t->title : all ? all : "";

	if (series_in(t->results))
		text_wrapf(out, 4, "%s%s%zu patch%s on %s, on %s", posted ? posted : "",
			   posted ? ": " : "", nr, nr == 1 ? "" : "es", base->label, machine);
	else if (nr > 1)
		text_wrapf(out, 4, "%zu kernels against %s, on %s", nr, base->label, machine);
	else if (nr)
		text_wrapf(out, 4, "%s against %s, on %s", t->results->kernels[!t->base].label,
			   base->label, machine);
	else
		text_wrapf(out, 4, "%s, on %s", base->label, machine);
	free(all);
}

/* "Measured 2026-11-20 to 2026-11-21 (UTC).": the first and the last run, s since 1970. */
static void put_dates(FILE *out, double first, double last)
{
	time_t second[2] = {(time_t)first, (time_t)last};
	char date[2][16] = {"", ""};
	struct tm tm;
	int i;

	for (i = 0; i < 2; i++)
		if (gmtime_r(&second[i], &tm))
			strftime(date[i], sizeof(date[i]), "%F", &tm);
	if (strcmp(date[0], date[1]))
		fprintf(out, "Measured %s to %s (UTC). ", date[0], date[1]);
	else
		fprintf(out, "Measured %s (UTC). ", date[0]);
}

/* Of all runs. */
struct sums {
	size_t ok, all;
	double first, last; /* started, s since 1970; infinite and 0 if none says */
};

static void sum_up(struct sums *sums, const struct result_cell *cell)
{
	double started;
	size_t i;

	sums->ok += cell->nr_ok;
	sums->all += cell->nr;
	for (i = 0; i < cell->nr; i++) {
		started = cell->runs[i].started;
		sums->first = started > 0 ? fmin(sums->first, started) : sums->first;
		sums->last = fmax(sums->last, started);
	}
}

/* "2 kernels, 3 points; 12 of 12 runs were ok." */
static void put_part(FILE *out, const struct results *r, struct sums *sums)
{
	size_t k, p;

	sums->ok = sums->all = 0;
	for (k = 0; k < r->nr_kernels; k++)
		for (p = 0; p < r->nr_points; p++)
			if (results_cell(r, k, p))
				sum_up(sums, results_cell(r, k, p));
	fprintf(out, "%zu kernel%s, %zu point%s; %zu of %zu runs were ok.\n", r->nr_kernels,
		r->nr_kernels == 1 ? "" : "s", r->nr_points, r->nr_points == 1 ? "" : "s", sums->ok,
		sums->all);
}

void report_print_summary(FILE *out, const struct report *r, size_t part)
{
	struct sums sums = {.first = INFINITY};
	const struct results *results;
	size_t i;

	(void)part;
	for (i = 0; i < r->nr_parts; i++) {
		results = r->part[i].tables.results;
		if (r->nr_parts > 1)
			fprintf(out, "%s: ", source_title(results->source));
		put_part(out, results, &sums);
	}
	if (sums.last > 0)
		put_dates(out, sums.first, sums.last);
	fprintf(out, "Report of faultbench %s.\n", FAULTBENCH_VERSION);
}
