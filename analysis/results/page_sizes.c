// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/page_sizes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/machine_facts.h"
#include "common/units.h"

#define KIND 64

/* Bytes of a kernel's pages; 0 if its journal does not say. */
static int64_t page_of(const struct results *r, size_t kernel)
{
	double page = fact_number(r->kernels[kernel].machine, "mem.page_size");

	return page >= 4096 && page <= 1 << 20 ? (int64_t)page : 0;
}

/* Another size than that of the first kernel which has one. */
static bool differs(const struct results *r, size_t kernel)
{
	size_t k = 0;

	while (k < kernel && !page_of(r, k))
		k++;
	return page_of(r, kernel) && page_of(r, k) != page_of(r, kernel);
}

static bool any_differs(const struct results *r)
{
	size_t k = 0;

	while (k < r->nr_kernels && !differs(r, k))
		k++;
	return k < r->nr_kernels;
}

/* A page table is a page of 8-byte entries. */
static int pmd_order(int64_t page)
{
	return (int)log2((double)page / 8);
}

static bool asks_bytes(const json_t *order)
{
	return json_is_string(order) && strcmp(json_string_value(order), "pmd");
}

/* "order-9 PMD" as "pmd PMD", or in bytes. */
static const char *common_kind(const char *kind, int64_t page, bool bytes, char text[KIND])
{
	char size[UNITS_TEXT];
	int order, end = 0;

	snprintf(text, KIND, "%s", kind);
	if (sscanf(kind, "order-%d%n", &order, &end) != 1 || !end || order < 0 || order > 30)
		return text;
	if (bytes)
		snprintf(text, KIND, "%s%s", units_bytes(page << order, size), kind + end);
	else if (order == pmd_order(page))
		snprintf(text, KIND, "pmd%s", kind + end);
	return text;
}

static json_t *common_kinds(const json_t *kinds, int64_t page, bool bytes)
{
	json_t *named = json_object(), *kib;
	char text[KIND];
	const char *kind;

	json_object_foreach((json_t *)kinds, kind, kib)
		json_object_set(named, common_kind(kind, page, bytes, text), kib);
	return named;
}

json_t *pages_state(const struct results *r, size_t kernel, size_t point, json_t *state)
{
	json_t *named, *kinds;
	const json_t *order;
	const char *when;

	if (!page_of(r, kernel) || !any_differs(r))
		return json_incref(state);
	order = json_object_get(r->points[point], "order");
	if (json_is_integer(order))
		return json_incref(state);
	named = json_object();
	json_object_foreach(state, when, kinds)
		json_object_set_new(named, when,
				    common_kinds(kinds, page_of(r, kernel), asks_bytes(order)));
	return named;
}

/* What the point's order is with such pages. */
static int64_t folio_of(const json_t *order, int64_t page)
{
	return page << (json_is_string(order) ? pmd_order(page) : json_integer_value(order) & 31);
}

static void warn_cell(const struct results *r, struct result_cell *cell, const json_t *order,
		      int64_t page)
{
	char size[4][UNITS_TEXT];
	int64_t first;
	size_t k = 0;

	while (!page_of(r, k))
		k++;
	first = page_of(r, k);
	units_bytes(page, size[0]);
	units_bytes(first, size[1]);
	units_bytes(folio_of(order, page), size[2]);
	units_bytes(folio_of(order, first), size[3]);
	if (json_is_integer(order))
		warnings_add(&cell->warnings,
			     "order %lld is %s with its pages of %s, and %s with those of %s, %s",
			     (long long)json_integer_value(order), size[2], size[0], size[3],
			     r->kernels[k].label, size[1]);
	else if (order)
		warnings_add(&cell->warnings,
			     "a PMD maps %s with its pages of %s, and %s with those of %s, %s",
			     size[2], size[0], size[3], r->kernels[k].label, size[1]);
	else
		warnings_add(&cell->warnings, "its pages are of %s, those of %s of %s", size[0],
			     r->kernels[k].label, size[1]);
}

void pages_warn(struct results *r)
{
	const json_t *order;
	size_t k, point;

	for (k = 0; k < r->nr_kernels; k++) {
		for (point = 0; differs(r, k) && point < r->kernels[k].nr_cells; point++) {
			order = json_object_get(r->points[point], "order");
			if (r->kernels[k].cells[point] && !asks_bytes(order))
				warn_cell(r, r->kernels[k].cells[point], order, page_of(r, k));
		}
	}
}
