// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/folio_state.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/page_sizes.h"

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

/* How much of the memory of some states a kind of it is: the least and the largest share. */
struct range {
	const char *kind; /* of a state, borrowed */
	double low, high;
	size_t nr;   /* states that have it; the others have none of it */
	size_t last; /* the latest of them, from 1 */
};

struct ranges {
	struct range *of;
	size_t nr, states;
};

/* At one moment: by kind and by mapping where flags are known, else by mapping alone. */
struct looks {
	struct ranges kinds, mappings, only_mappings;
};

/* All that some states say. */
static const char *const moments[] = {"before", "after"};
#define NR_MOMENTS (sizeof(moments) / sizeof(moments[0]))
struct seen {
	struct looks at[NR_MOMENTS];
};

static struct range *take_range(struct ranges *r, const char *kind)
{
	struct range *more;
	size_t i;

	for (i = 0; i < r->nr; i++)
		if (!strcmp(r->of[i].kind, kind))
			return &r->of[i];
	more = realloc(r->of, (r->nr + 1) * sizeof(*more));
	if (!more)
		return NULL;
	r->of = more;
	more[r->nr] = (struct range){.kind = kind};
	return &more[r->nr++];
}

static double share(const json_t *kinds, const char *wanted, bool mappings)
{
	const char *kind;
	double sum = 0;
	json_t *kib;

	json_object_foreach((json_t *)kinds, kind, kib)
		if (!strcmp(mappings ? mapping(kind) : kind, wanted))
			sum += json_number_value(kib);
	return sum / total(kinds);
}

static void add_share(struct ranges *r, const char *kind, double value)
{
	struct range *range = take_range(r, kind);

	if (!range || range->last == r->states)
		return; /* several kinds have one mapping */
	range->low = range->nr ? fmin(range->low, value) : value;
	range->high = fmax(range->high, value);
	range->last = r->states;
	range->nr++;
}

static void add_shares(struct ranges *r, const json_t *kinds, bool mappings)
{
	const char *kind, *name;
	json_t *kib;

	r->states++;
	json_object_foreach((json_t *)kinds, kind, kib) {
		name = mappings ? mapping(kind) : kind;
		add_share(r, name, share(kinds, name, mappings));
	}
}

static void see(struct seen *seen, const json_t *state)
{
	const json_t *kinds;
	struct looks *looks;
	size_t m;

	for (m = 0; m < NR_MOMENTS; m++) {
		kinds = json_object_get(state, moments[m]);
		looks = &seen->at[m];
		if (!(total(kinds) > 0))
			continue;
		if (by_flags(kinds))
			add_shares(&looks->kinds, kinds, false);
		add_shares(by_flags(kinds) ? &looks->mappings : &looks->only_mappings, kinds, true);
	}
}

static void seen_free(struct seen *seen)
{
	size_t m;

	for (m = 0; m < NR_MOMENTS; m++) {
		free(seen->at[m].kinds.of);
		free(seen->at[m].mappings.of);
		free(seen->at[m].only_mappings.of);
	}
	*seen = (struct seen){0};
}

/* Has a state of one clearly more of a kind, of all that one has, than one of the other? */
static bool has_more(const struct ranges *one, const struct ranges *other)
{
	double low;
	size_t i, k;

	for (i = 0; i < one->nr; i++) {
		for (k = 0, low = 0; k < other->nr; k++)
			if (!strcmp(other->of[k].kind, one->of[i].kind) &&
			    other->of[k].nr == other->states)
				low = other->of[k].low;
		if (one->of[i].high - low > STATES_SHARE)
			return true;
	}
	return false;
}

/* Who has clearly less of a kind than the other: that one has more of it. */
static bool ranges_differ(const struct ranges *a, const struct ranges *b)
{
	return a->states && b->states && (has_more(a, b) || has_more(b, a));
}

static bool looks_differ(const struct looks *a, const struct looks *b)
{
	return ranges_differ(&a->kinds, &b->kinds) ||
	       ranges_differ(&a->mappings, &b->only_mappings) ||
	       ranges_differ(&a->only_mappings, &b->mappings) ||
	       ranges_differ(&a->only_mappings, &b->only_mappings);
}

/* When any state of one contradicts any of the other, "before" or "after"; NULL. */
static const char *seen_differ(const struct seen *a, const struct seen *b)
{
	size_t m;

	for (m = 0; m < NR_MOMENTS; m++)
		if (looks_differ(&a->at[m], &b->at[m]))
			return moments[m];
	return NULL;
}

/* When a state contradicts any that was seen. */
static const char *differs_from(const json_t *state, const struct seen *b)
{
	struct seen a = {0};
	const char *when;

	see(&a, state);
	when = seen_differ(&a, b);
	seen_free(&a);
	return when;
}

const char *states_differ(const json_t *a, const json_t *b)
{
	struct seen seen = {0};
	const char *when;

	see(&seen, b);
	when = differs_from(a, &seen);
	seen_free(&seen);
	return when;
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

/* The states of a cell's ok runs, each once, of the first run that has it. */
struct distinct {
	const struct result_run **run;
	json_t **state; /* of each, as kernels with other pages name it */
	size_t nr;
	struct seen seen;
};

static int by_state(const void *a, const void *b)
{
	const struct result_run *x = *(const struct result_run *const *)a;
	const struct result_run *y = *(const struct result_run *const *)b;

	if (x->state != y->state)
		return (uintptr_t)x->state < (uintptr_t)y->state ? -1 : 1;
	return (x > y) - (x < y);
}

static int by_place(const void *a, const void *b)
{
	const struct result_run *x = *(const struct result_run *const *)a;
	const struct result_run *y = *(const struct result_run *const *)b;

	return (x > y) - (x < y);
}

/* Names and sees them. */
static void see_distinct(struct distinct *d, const struct results *r, size_t kernel, size_t point)
{
	size_t i;

	d->state = calloc(d->nr + 1, sizeof(json_t *));
	for (i = 0; d->state && i < d->nr; i++) {
		d->state[i] = pages_state(r, kernel, point, d->run[i]->state);
		see(&d->seen, d->state[i]);
	}
}

static void distinct_of(struct distinct *ret, const struct results *r, size_t kernel, size_t point)
{
	const struct result_cell *cell = results_cell(r, kernel, point);
	size_t i, nr = 0;

	*ret = (struct distinct){0};
	if (!cell || !cell->nr_ok)
		return;
	ret->run = calloc(cell->nr_ok, sizeof(*ret->run));
	for (i = 0; ret->run && i < cell->nr; i++)
		if (cell->runs[i].status == RUN_OK && cell->runs[i].state)
			ret->run[nr++] = &cell->runs[i];
	if (nr)
		qsort(ret->run, nr, sizeof(*ret->run), by_state);
	for (i = 0; i < nr; i++)
		if (!ret->nr || ret->run[i]->state != ret->run[ret->nr - 1]->state)
			ret->run[ret->nr++] = ret->run[i];
	if (ret->nr)
		qsort(ret->run, ret->nr, sizeof(*ret->run), by_place);
	see_distinct(ret, r, kernel, point);
}

static void distinct_free(struct distinct *d)
{
	size_t i;

	seen_free(&d->seen);
	for (i = 0; d->state && i < d->nr; i++)
		json_decref(d->state[i]);
	free(d->state);
	free(d->run);
}

/* The first that contradicts what was seen; d->nr if none does. */
static size_t first_against(const struct distinct *d, const struct seen *seen)
{
	size_t i = 0;

	while (i < d->nr && !(d->state && differs_from(d->state[i], seen)))
		i++;
	return i;
}

/* The first two runs, one of each, that contradict each other, and their states. Returns when, or
 * NULL. */
static const char *find_pair(const struct distinct *a, const struct distinct *b,
			     const struct result_run *ret[2], const json_t *ret_state[2])
{
	size_t one = seen_differ(&a->seen, &b->seen) ? first_against(a, &b->seen) : a->nr, other;
	struct seen seen = {0};
	const char *when = NULL;

	if (one == a->nr)
		return NULL;
	see(&seen, a->state[one]);
	other = first_against(b, &seen);
	if (other < b->nr) {
		ret[0] = a->run[one];
		ret[1] = b->run[other];
		ret_state[0] = a->state[one];
		ret_state[1] = b->state[other];
		when = states_differ(ret_state[0], ret_state[1]);
	}
	seen_free(&seen);
	return when;
}

/* Why the point of two kernels is void, malloc'ed; NULL if it is not. */
static char *contradiction(const char *const label[2], const struct distinct *a,
			   const struct distinct *b)
{
	const struct result_run *run[2];
	const json_t *state[2];
	const char *when = find_pair(a, b, run, state);
	char *was[2], *text = NULL;

	if (!when)
		return NULL;
	was[0] = states_text(json_object_get(state[0], when));
	was[1] = states_text(json_object_get(state[1], when));
	if (asprintf(&text,
		     "the folio state differs %s the op: %s (boot %d, run %d) has %s, %s (boot %d, "
		     "run %d) %s",
		     when, label[0], run[0]->boot, run[0]->run, was[0] ? was[0] : "", label[1],
		     run[1]->boot, run[1]->run, was[1] ? was[1] : "") < 0)
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

static void void_point(struct results *r, size_t point, struct distinct *d)
{
	size_t a, b;
	char *why;

	for (a = 0; a < r->nr_kernels; a++)
		distinct_of(&d[a], r, a, point);
	for (a = 0; a < r->nr_kernels; a++) {
		for (b = a + 1; b < r->nr_kernels; b++) {
			const char *label[2] = {r->kernels[a].label, r->kernels[b].label};

			why = contradiction(label, &d[a], &d[b]);
			if (!why)
				continue;
			mark(r->kernels[a].cells[point], why);
			mark(r->kernels[b].cells[point], why);
			free(why);
		}
	}
	for (a = 0; a < r->nr_kernels; a++) {
		if (results_cell(r, a, point) && results_cell(r, a, point)->differs)
			cell_void(r->kernels[a].cells[point]);
		distinct_free(&d[a]);
	}
}

void states_void(struct results *r)
{
	struct distinct *d = calloc(r->nr_kernels + 1, sizeof(*d));
	size_t point;

	for (point = 0; d && point < r->nr_points; point++)
		void_point(r, point, d);
	free(d);
}

json_t *states_share(json_t *states, json_t *last, json_t *state)
{
	json_t *known;
	char *text;

	if (!state)
		return NULL;
	if (json_equal(last, state))
		return json_incref(last);
	text = json_dumps(state, JSON_SORT_KEYS | JSON_COMPACT);
	known = text ? json_object_get(states, text) : NULL;
	if (text && !known) {
		json_object_set(states, text, state);
		known = state;
	}
	free(text);
	return json_incref(known ? known : state);
}
