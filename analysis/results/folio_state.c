// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/folio_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double total(const json_t *kinds)
{
	double sum = 0;
	const char *kind;
	json_t *kib;

	json_object_foreach((json_t *)kinds, kind, kib)
		sum += json_number_value(kib);
	return sum;
}

/* "order-9 PMD" and "small zero" are kpageflags', "PMD" and "zero" are all that smaps tells. */
static const char *mapping(const char *kind)
{
	const char *last = strrchr(kind, ' ');

	return last ? last + 1 : kind;
}

static bool by_flags(const json_t *kinds)
{
	const char *kind;
	json_t *kib;

	json_object_foreach((json_t *)kinds, kind, kib)
		if (mapping(kind) == kind)
			return false;
	return true;
}

static double share(const json_t *kinds, const char *wanted, bool mappings)
{
	const char *kind;
	double sum = 0;
	json_t *kib;

	json_object_foreach((json_t *)kinds, kind, kib)
		if (!strcmp(mappings ? mapping(kind) : kind, mappings ? mapping(wanted) : wanted))
			sum += json_number_value(kib);
	return sum / total(kinds);
}

/* Has one a kind, of all that of has, of which the other has clearly less or more? */
static bool shares_differ(const json_t *of, const json_t *a, const json_t *b, bool mappings)
{
	const char *kind;
	json_t *kib;

	json_object_foreach((json_t *)of, kind, kib)
		if (fabs(share(a, kind, mappings) - share(b, kind, mappings)) > STATES_SHARE)
			return true;
	return false;
}

static bool kinds_differ(const json_t *a, const json_t *b)
{
	bool mappings = !by_flags(a) || !by_flags(b);

	if (!(total(a) > 0) || !(total(b) > 0))
		return false;
	return shares_differ(a, a, b, mappings) || shares_differ(b, a, b, mappings);
}

const char *states_differ(const json_t *a, const json_t *b)
{
	static const char *const when[] = {"before", "after"};
	unsigned int i;

	for (i = 0; i < sizeof(when) / sizeof(when[0]); i++)
		if (kinds_differ(json_object_get(a, when[i]), json_object_get(b, when[i])))
			return when[i];
	return NULL;
}

char *states_text(const json_t *kinds)
{
	size_t size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);
	const char *kind;
	json_t *kib;

	if (!out)
		return NULL;
	json_object_foreach((json_t *)kinds, kind, kib) {
		if (ftell(out))
			fputs(", ", out);
		if (json_object_size(kinds) > 1)
			fprintf(out, "%.0f%% ", json_number_value(kib) / total(kinds) * 100);
		fputs(kind, out);
	}
	if (!json_object_size(kinds))
		fputs("nothing", out);
	fclose(out);
	return text;
}

/* Two ok runs, one of each cell, that contradict each other. Returns when, or NULL. */
static const char *find_pair(const struct result_cell *a, const struct result_cell *b,
			     const struct result_run *ret[2])
{
	const char *when;
	size_t i, k;

	for (i = 0; i < a->nr; i++) {
		for (k = 0; k < b->nr; k++) {
			if (a->runs[i].status != RUN_OK || b->runs[k].status != RUN_OK)
				continue;
			when = states_differ(a->runs[i].state, b->runs[k].state);
			if (!when)
				continue;
			ret[0] = &a->runs[i];
			ret[1] = &b->runs[k];
			return when;
		}
	}
	return NULL;
}

/* Why the point of two kernels is void, malloc'ed; NULL if it is not. */
static char *contradiction(const struct results *r, size_t point, size_t a, size_t b)
{
	const struct result_cell *cell[2] = {results_cell(r, a, point), results_cell(r, b, point)};
	const struct result_run *run[2];
	const char *when = cell[0] && cell[1] ? find_pair(cell[0], cell[1], run) : NULL;
	char *was[2], *text = NULL;

	if (!when)
		return NULL;
	was[0] = states_text(json_object_get(run[0]->state, when));
	was[1] = states_text(json_object_get(run[1]->state, when));
	if (asprintf(&text,
		     "the folio state differs %s the op: %s (boot %d, run %d) has %s, %s (boot %d, "
		     "run %d) %s",
		     when, r->kernels[a].label, run[0]->boot, run[0]->run, was[0] ? was[0] : "",
		     r->kernels[b].label, run[1]->boot, run[1]->run, was[1] ? was[1] : "") < 0)
		text = NULL;
	free(was[0]);
	free(was[1]);
	return text;
}

/* The first reason is kept. */
static void mark(struct result_cell *cell, const char *why)
{
	if (!cell->differs)
		cell->differs = strdup(why);
}

void states_void(struct results *r)
{
	size_t point, a, b;
	char *why;

	for (point = 0; point < r->nr_points; point++) {
		for (a = 0; a < r->nr_kernels; a++) {
			for (b = a + 1; b < r->nr_kernels; b++) {
				why = contradiction(r, point, a, b);
				if (!why)
					continue;
				mark(r->kernels[a].cells[point], why);
				mark(r->kernels[b].cells[point], why);
				free(why);
			}
		}
		for (a = 0; a < r->nr_kernels; a++)
			if (results_cell(r, a, point) && results_cell(r, a, point)->differs)
				cell_void(r->kernels[a].cells[point]);
	}
}
