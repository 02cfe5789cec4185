// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/history.h"

#include <dirent.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/bands.h"
#include "analysis/compare/units.h"
#include "analysis/results/bands.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/sections.h"
#include "analysis/stats/summary.h"
#include "common/msg.h"

#define NORMAL_MAD 1.4826 /* sd of a normal distribution over the median of distances */

/* One release's mean of each point of the results; NaN where it has none. */
struct release {
	double started;
	double *mean;
};

struct history {
	struct results *now;
	size_t base;
	struct release *of;
	size_t nr;
	size_t elsewhere; /* releases of other machines, */
	size_t checked;	  /* and those that are being checked themselves */
};

static bool same_cpu(const struct history *h, const struct result_kernel *kernel)
{
	char *here = fact_text(h->now->kernels[h->base].machine, "cpu.model");
	char *there = fact_text(kernel->machine, "cpu.model");
	bool same = !kernel->mixed && (!here || !there || !strcmp(here, there));

	free(here);
	free(there);
	return same;
}

static double first_started(const struct result_cell *cell, double first)
{
	size_t i;

	for (i = 0; cell && i < cell->nr; i++)
		if (cell->runs[i].started > 0)
			first = fmin(first, cell->runs[i].started);
	return first;
}

/* The number of a point of the results in other ones, or -1. */
static long point_in(const struct results *r, const json_t *point)
{
	char *text = json_dumps(point, JSON_SORT_KEYS | JSON_COMPACT);
	json_t *number = text ? json_object_get(r->index, text) : NULL;

	free(text);
	return number ? (long)json_integer_value(number) : -1;
}

static bool add_release(struct history *h, const struct results *r, size_t kernel)
{
	struct release *more = realloc(h->of, (h->nr + 1) * sizeof(*more));
	const struct result_cell *cell;
	long point;
	size_t p;

	if (!more)
		return err("out of memory");
	h->of = more;
	more += h->nr;
	*more = (struct release){INFINITY, calloc(h->now->nr_points + 1, sizeof(double))};
	if (!more->mean)
		return err("out of memory");
	h->nr++;
	for (p = 0; p < h->now->nr_points; p++) {
		point = point_in(r, h->now->points[p]);
		cell = point < 0 ? NULL : results_cell(r, kernel, (size_t)point);
		more->mean[p] = NAN;
		if (cell && cell->nr_ok && cell->source != SOURCE_EMULATED)
			more->mean[p] = cell_mean(cell, cell->op);
		more->started = first_started(cell, more->started);
	}
	return true;
}

/* A plan names kernels before they are measured. */
static bool was_measured(const struct results *r, size_t kernel)
{
	const struct result_cell *cell;
	size_t p;

	for (p = 0; p < r->nr_points; p++) {
		cell = results_cell(r, kernel, p);
		if (cell && cell->nr_ok)
			return true;
	}
	return false;
}

static bool add_releases(struct history *h, const struct results *r)
{
	bool ok = true;
	size_t k;

	for (k = 0; ok && k < r->nr_kernels; k++) {
		if (!was_measured(r, k))
			continue;
		if (results_kernel(h->now, r->kernels[k].label) >= 0)
			h->checked++;
		else if (same_cpu(h, &r->kernels[k]))
			ok = add_release(h, r, k);
		else
			h->elsewhere++;
	}
	return ok;
}

/* Nothing is taken of counts where times are checked, and the other way round. */
static bool add_journal(struct history *h, char *path)
{
	struct sections s;
	bool ok = true;
	size_t i;

	if (!sections_load(&s, &path, 1))
		return false;
	for (i = 0; ok && i < s.nr; i++)
		if (results_exact(&s.of[i].results) == results_exact(h->now))
			ok = add_releases(h, &s.of[i].results);
	sections_free(&s);
	return ok;
}

static int by_start(const void *a, const void *b)
{
	const struct release *x = a, *y = b;

	return (x->started > y->started) - (x->started < y->started);
}

/* The sizes of the log ratios of successive releases that have the point. */
static size_t steps_of(const struct history *h, size_t point, double *steps)
{
	double last = NAN, mean;
	size_t i, nr = 0;

	for (i = 0; i < h->nr; i++) {
		mean = h->of[i].mean[point];
		if (!(mean > 0))
			continue;
		if (last > 0)
			steps[nr++] = fabs(log(mean / last));
		last = mean;
	}
	return nr;
}

static void make_bands(struct history *h)
{
	double *steps = calloc(h->nr + 1, sizeof(*steps)), scale, size;
	size_t p, nr, few = 0;

	for (p = 0; steps && p < h->now->nr_points; p++) {
		nr = steps_of(h, p, steps);
		if (nr + 1 < HISTORY_LEAST) {
			few++;
			continue;
		}
		stats_sort(steps, nr);
		scale = NORMAL_MAD * stats_quantile(steps, nr, 0.5);
		size = scale * gsl_cdf_tdist_Pinv(0.975, (double)nr);
		bands_widen(h->now->bands, h->now->points[p], expm1(-size), expm1(size));
	}
	if (few)
		warnings_add(
			&h->now->warnings,
			"history: %zu of %zu points were measured by fewer than %d releases, and "
			"have no band",
			few, h->now->nr_points, HISTORY_LEAST);
	if (h->checked)
		warnings_add(&h->now->warnings,
			     "history: %zu kernel%s left out, with the label of one that is "
			     "checked here (run --label)",
			     h->checked, h->checked == 1 ? "" : "s");
	if (h->elsewhere)
		warnings_add(&h->now->warnings,
			     "history: %zu release%s measured on another machine %s left out",
			     h->elsewhere, h->elsewhere == 1 ? "" : "s",
			     h->elsewhere == 1 ? "is" : "are");
	free(steps);
}

static int is_journal(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 6 && !strcmp(entry->d_name + len - 6, ".jsonl");
}

static bool add_file(struct history *h, const char *folder, const char *name)
{
	char *path;
	bool ok;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return err("out of memory");
	ok = add_journal(h, path);
	free(path);
	return ok;
}

bool history_read(struct results *results, size_t base, const char *folder)
{
	struct history h = {.now = results, .base = base};
	struct dirent **found = NULL;
	int nr = scandir(folder, &found, is_journal, alphasort), i;
	bool ok = nr > 0;

	if (nr < 0)
		return err_errno("--against %s: cannot be read", folder);
	if (!nr)
		err("--against %s: no journals (*.jsonl) in it", folder);
	for (i = 0; i < nr; i++) {
		ok = ok && add_file(&h, folder, found[i]->d_name);
		free(found[i]);
	}
	free(found);
	if (ok && h.nr)
		qsort(h.of, h.nr, sizeof(*h.of), by_start);
	if (ok)
		make_bands(&h);
	while (h.nr)
		free(h.of[--h.nr].mean);
	free(h.of);
	return ok;
}
