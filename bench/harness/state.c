// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/state.h"

#include <stdio.h>

#include "bench/harness/thp.h"

static void add(json_t *state, const char *kind, size_t bytes)
{
	json_int_t before = json_integer_value(json_object_get(state, kind));

	if (bytes)
		json_object_set_new(state, kind, json_integer(before + (json_int_t)bytes / 1024));
}

/* What smaps counts as mapped by PMDs are folios of that order; the others are mapped by PTEs. */
static void add_folios(json_t *state, const struct smaps *smaps, const struct folio_census *census)
{
	size_t bytes, by_pmd;
	char kind[32];
	int k;

	for (k = 0; k < MAX_ORDERS; k++) {
		bytes = census->of_order[k] * bench_page_size();
		by_pmd = k == thp_pmd_order() ? smaps->pmd_mapped : 0;
		by_pmd = by_pmd < bytes ? by_pmd : bytes;
		snprintf(kind, sizeof(kind), "order-%d PMD", k);
		add(state, kind, by_pmd);
		snprintf(kind, sizeof(kind), "order-%d PTE", k);
		add(state, kind, bytes - by_pmd);
	}
	add(state, "torn PTE", census->torn * bench_page_size());
	add(state, "small zero", (census->zero - census->huge_zero) * bench_page_size());
	add(state, "huge zero", census->huge_zero * bench_page_size());
}

void state_add(json_t *state, const struct smaps *smaps, const struct folio_census *census)
{
	size_t there = census ? census->present * bench_page_size() : 0;

	if (census && census->by_flags) {
		add_folios(state, smaps, census);
		return;
	}
	add(state, "PMD", smaps->pmd_mapped);
	add(state, "PTE", smaps->rss - smaps->pmd_mapped);
	/* Of what is there, Rss counts all but the zero page. */
	add(state, "zero", there > smaps->rss ? there - smaps->rss : 0);
}
