// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What one cell of the results says.
 */
#include <math.h>
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/cell.h"
#include "analysis/stats/summary.h"

void warnings_add(struct warnings *w, const char *fmt, ...)
{
	char **more = realloc(w->text, (w->nr + 1) * sizeof(*more));
	size_t i;
	va_list ap;

	if (!more)
		return;
	w->text = more;
	va_start(ap, fmt);
	if (vasprintf(&more[w->nr], fmt, ap) >= 0)
		w->nr++;
	va_end(ap);
	for (i = 0; i + 1 < w->nr; i++)
		if (!strcmp(w->text[i], w->text[w->nr - 1]))
			free(w->text[--w->nr]);
}

void warnings_free(struct warnings *w)
{
	while (w->nr)
		free(w->text[--w->nr]);
	free(w->text);
	w->text = NULL;
}

static void forget_ok(struct result_cell *cell)
{
	unsigned int s;
	size_t i;

	for (s = 0; s < cell->nr_roles; s++)
		free(cell->roles[s].role);
	free(cell->roles);
	for (i = 0; i < cell->nr_counters; i++)
		free(cell->counters[i].refused);
	free(cell->counters);
	free(cell->cores);
	free(cell->per);
	warnings_free(&cell->warnings);
	cell->roles = NULL;
	cell->source = SOURCE_UNKNOWN;
	cell->per = NULL;
	cell->op = NULL;
	cell->nr_roles = 0;
	cell->counters = NULL;
	cell->nr_counters = 0;
	cell->nr_ok = 0;
}

void cell_void(struct result_cell *cell)
{
	size_t i;

	for (i = 0; i < cell->nr; i++)
		if (cell->runs[i].status == RUN_OK)
			cell->runs[i].status = RUN_VOID;
	forget_ok(cell);
}

void cell_free(struct result_cell *cell)
{
	size_t i;

	if (!cell)
		return;
	for (i = 0; i < cell->nr; i++) {
		free(cell->runs[i].reason);
		free(cell->runs[i].value);
		json_decref(cell->runs[i].functions);
		json_decref(cell->runs[i].calls);
		json_decref(cell->runs[i].profile);
		json_decref(cell->runs[i].state);
	}
	forget_ok(cell);
	tdestroy(cell->known, free);
	free(cell->runs);
	free(cell->differs);
	free(cell);
}

/* A run of a cell that is no longer read in order. */
struct known_run {
	int boot, run;
	size_t index;
};

static int by_number(const void *a, const void *b)
{
	const struct known_run *x = a, *y = b;

	if (x->boot != y->boot)
		return x->boot < y->boot ? -1 : 1;
	return (x->run > y->run) - (x->run < y->run);
}

static void know_run(struct result_cell *cell, size_t index)
{
	struct known_run *key = malloc(sizeof(*key)), **there;

	if (!key)
		return;
	*key = (struct known_run){cell->runs[index].boot, cell->runs[index].run, index};
	there = tsearch(key, &cell->known, by_number);
	if (!there || *there != key)
		free(key);
}

long cell_find_run(struct result_cell *cell, int boot, int run)
{
	const struct result_run *last = cell->nr ? &cell->runs[cell->nr - 1] : NULL;
	struct known_run wanted = {boot, run, 0}, **found;
	size_t i;

	if (!cell->known) {
		if (!last || boot > last->boot || (boot == last->boot && run > last->run))
			return -1;
		for (i = 0; i < cell->nr; i++)
			know_run(cell, i);
	}
	found = tfind(&wanted, &cell->known, by_number);
	return found ? (long)(*found)->index : -1;
}

struct result_run *cell_add_run(struct result_cell *cell, const struct result_run *run)
{
	struct result_run *more = realloc(cell->runs, (cell->nr + 1) * sizeof(*more));

	if (!more)
		return NULL;
	cell->runs = more;
	more[cell->nr] = *run;
	if (cell->known)
		know_run(cell, cell->nr);
	return &more[cell->nr++];
}

const struct metric *cell_op(const struct result_cell *cell)
{
	return cell ? cell->op : NULL;
}

double run_value(const struct result_run *run, const struct metric *metric)
{
	double value = NAN;

	if (metric && metric->slot < run->nr_values)
		value = run->value[metric->slot];
	if (metric && metric->moved && isnan(value) && run->vmstat)
		value = 0;
	return metric && metric->per_unit ? value / run->units : value;
}

double metric_mean(const struct metric *metric, const double *values, size_t n)
{
	return metric->harmonic ? stats_hmean(values, n) : stats_mean(values, n);
}

bool cell_skipped(const struct result_cell *cell)
{
	size_t i;

	for (i = 0; cell && i < cell->nr; i++)
		if (cell->runs[i].status != RUN_SKIPPED)
			return false;
	return cell && cell->nr;
}

char *cell_trouble(const struct result_cell *cell)
{
	const struct result_run *bad;
	const char *reason;
	char *text;
	size_t i;

	if (!cell || !cell->nr)
		return strdup("not measured");
	if (cell->differs)
		return asprintf(&text, "void: %s", cell->differs) < 0 ? NULL : text;
	if (cell->nr_ok == cell->nr)
		return NULL;
	for (i = 0; cell->runs[i].status == RUN_OK; i++)
		;
	bad = &cell->runs[i];
	reason = bad->reason ? bad->reason : "no reason given";
	if (!cell->nr_ok)
		i = (size_t)asprintf(&text, "%s: %s", run_status_name(bad->status), reason);
	else
		i = (size_t)asprintf(&text, "%zu of %zu runs left out, the first %s: %s",
				     cell->nr - cell->nr_ok, cell->nr, run_status_name(bad->status),
				     reason);
	return i == (size_t)-1 ? NULL : text;
}
