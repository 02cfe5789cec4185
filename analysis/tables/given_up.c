// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/given_up.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/units.h"

#define HARDLY 0.01 /* of the faults that tried */
#define LEAST  0.005
#define MOST   32 /* reasons */

struct reason {
	const char *name;
	double faults; /* of an op */
};

/* Vmstat's keys, in the metrics' names, and counters, by how they begin. */
static const char *const begins[] = {"vmstat:SPF_ABORT_", "vmstat:vma_lock_abort",
				     "vmstat:vma_lock_miss", "vmstat:vma_lock_retry",
				     "pagefault:spf_"};

static bool is_reason(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (!strncmp(name, begins[i], strlen(begins[i])))
			return true;
	return false;
}

static double faults_of(const struct results *r, const struct result_cell *cell, const char *name)
{
	double faults = cell_mean(cell, metrics_find(&r->metrics, name));

	return faults > 0 ? faults : 0;
}

static int by_faults(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;

	if (x->faults != y->faults)
		return x->faults > y->faults ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* The most frequent first. */
static size_t reasons_of(const struct results *r, const struct result_cell *cell,
			 struct reason of[MOST])
{
	size_t i, nr = 0;

	for (i = 0; i < r->metrics.nr && nr < MOST; i++) {
		const char *name = r->metrics.of[i]->name;

		if (!is_reason(name))
			continue;
		of[nr] = (struct reason){name, faults_of(r, cell, name)};
		if (!strcmp(name, "vmstat:vma_lock_abort"))
			of[nr].faults -= faults_of(r, cell, "vmstat:vma_lock_miss");
		nr += of[nr].faults > 0;
	}
	qsort(of, nr, sizeof(*of), by_faults);
	return nr;
}

double given_up_path(const struct results *r, const struct result_cell *cell)
{
	return cell_mean(cell, metrics_find(&r->metrics, "no-mmap_lock"));
}

char *given_up_text(const struct results *r, const struct result_cell *cell)
{
	double path = given_up_path(r, cell), all = 0;
	struct reason of[MOST];
	char *text = NULL;
	size_t nr, i, size;
	FILE *out;

	nr = path <= 1 - HARDLY ? reasons_of(r, cell, of) : 0;
	out = nr ? open_memstream(&text, &size) : NULL;
	if (!out)
		return NULL;
	for (i = 0; i < nr; i++)
		all += of[i].faults;
	for (i = 0; i < nr && (!i || of[i].faults >= LEAST * all); i++)
		fprintf(out, "%s %.0f%% %s", i ? "," : "gave up:", of[i].faults / all * 100,
			of[i].name + (strncmp(of[i].name, "vmstat:", 7) ? 0 : 7));
	fclose(out);
	return text;
}
