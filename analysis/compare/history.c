// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/history.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/units.h"
#include "analysis/results/bands.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/sections.h"
#include "analysis/stats/movement.h"
#include "common/msg.h"

/* What one release has of each point of the results. */
struct release {
	double started;
	struct measured *of;
};

/* Why releases are left out; the facts that must be the same. */
enum elsewhere {
	OTHER_CPU,
	OTHER_HYPERVISOR,
	OTHER_SOURCE,
	NR_ELSEWHERE
};

static const char *const facts[] = {
	[OTHER_CPU] = "cpu.model",
	[OTHER_HYPERVISOR] = "hypervisor",
};

static const char *const measured_on[NR_ELSEWHERE] = {
	[OTHER_CPU] = "measured on another CPU",
	[OTHER_HYPERVISOR] = "measured on another hypervisor, or on none",
	[OTHER_SOURCE] = "of another source (times, emulated times, exact counts)",
};

struct history {
	struct results *now;
	size_t base;
	struct release *of;
	size_t nr;
	size_t elsewhere[NR_ELSEWHERE];
	size_t checked; /* releases that are being checked themselves */
	size_t few;	/* points of too few releases, */
	size_t unknown; /* and those of which nobody knows what measuring adds */
};

/* Two facts that are there, and not the same. */
static bool differs(const json_t *here, const json_t *there, const char *fact)
{
	char *a = fact_text(here, fact), *b = fact_text(there, fact);
	bool result = a && b && strcmp(a, b) != 0;

	free(a);
	free(b);
	return result;
}

/* Why a release is none of this history; NR_ELSEWHERE if it is one. */
static enum elsewhere elsewhere(const struct history *h, const struct results *r, size_t kernel)
{
	const json_t *here = h->now->kernels[h->base].machine;
	enum elsewhere why;

	if (r->source != h->now->source)
		return OTHER_SOURCE;
	if (r->kernels[kernel].mixed)
		return OTHER_CPU;
	for (why = 0; why < sizeof(facts) / sizeof(facts[0]); why++)
		if (differs(here, r->kernels[kernel].machine, facts[why]))
			return why;
	return NR_ELSEWHERE;
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

/* A boot's mean is one measurement. */
static struct measured measure(const struct result_cell *cell)
{
	struct measured m = {0};
	double *units;

	if (!cell || !cell->nr_ok)
		return m;
	if (cell_boots(cell) < 2) {
		m = (struct measured){.mean = cell_mean(cell, cell->op), .variance = NAN, .n = 1};
		return m;
	}
	units = calloc(cell->nr_ok, sizeof(*units));
	if (units)
		m = measured_of(units, cell_units(cell, cell->op, units));
	free(units);
	return m;
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
	*more = (struct release){INFINITY, calloc(h->now->nr_points + 1, sizeof(*more->of))};
	if (!more->of)
		return err("out of memory");
	h->nr++;
	for (p = 0; p < h->now->nr_points; p++) {
		point = point_in(r, h->now->points[p]);
		cell = point < 0 ? NULL : results_cell(r, kernel, (size_t)point);
		more->of[p] = measure(cell);
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
	enum elsewhere why;
	bool ok = true;
	size_t k;

	for (k = 0; ok && k < r->nr_kernels; k++) {
		if (!was_measured(r, k) || bands_is_layout(r, k))
			continue;
		why = elsewhere(h, r, k);
		if (results_kernel(h->now, r->kernels[k].label) >= 0)
			h->checked += why != OTHER_SOURCE;
		else if (why == NR_ELSEWHERE)
			ok = add_release(h, r, k);
		else
			h->elsewhere[why]++;
	}
	return ok;
}

static bool add_journal(struct history *h, char *path)
{
	struct sections s;
	bool ok = true;
	size_t i;

	if (!sections_load(&s, &path, 1))
		return false;
	for (i = 0; ok && i < s.nr; i++)
		ok = add_releases(h, &s.of[i].results);
	sections_free(&s);
	return ok;
}

static int by_start(const void *a, const void *b)
{
	const struct release *x = a, *y = b;

	return (x->started > y->started) - (x->started < y->started);
}

static void make_band(struct history *h, size_t point, struct measured *of)
{
	struct band band = {0};
	double half;
	size_t i;

	for (i = 0; i < h->nr; i++)
		of[i] = h->of[i].of[point];
	half = movement_half(of, h->nr, &band.releases);
	if (band.releases < HISTORY_LEAST) {
		h->few++;
	} else if (isnan(half)) {
		h->unknown++;
	} else {
		band.low = expm1(-half);
		band.high = expm1(half);
		bands_widen(h->now->bands, h->now->points[point], &band);
	}
}

static void warn(struct history *h)
{
	struct warnings *w = &h->now->warnings;
	unsigned int why;

	if (h->few)
		warnings_add(w,
			     "history: %zu of %zu points were measured by fewer than %d releases, "
			     "and have no band",
			     h->few, h->now->nr_points, HISTORY_LEAST);
	if (h->unknown)
		warnings_add(w,
			     "history: %zu of %zu points have no band: no release of them has two "
			     "boots, so what measuring adds is not known",
			     h->unknown, h->now->nr_points);
	if (h->checked)
		warnings_add(w,
			     "history: %zu kernel%s left out, with the label of one that is "
			     "checked here (run --label)",
			     h->checked, h->checked == 1 ? "" : "s");
	for (why = 0; why < NR_ELSEWHERE; why++)
		if (h->elsewhere[why])
			warnings_add(w, "history: %zu release%s left out, %s", h->elsewhere[why],
				     h->elsewhere[why] == 1 ? "" : "s", measured_on[why]);
}

static void make_bands(struct history *h)
{
	struct measured *of = calloc(h->nr + 1, sizeof(*of));
	size_t p;

	for (p = 0; of && p < h->now->nr_points; p++)
		make_band(h, p, of);
	warn(h);
	free(of);
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
		free(h.of[--h.nr].of);
	free(h.of);
	return ok;
}
