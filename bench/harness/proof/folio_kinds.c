// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/proof/folio_kinds.h"

#include <stdio.h>

#include "bench/harness/kernel/folios.h"
#include "bench/services/pages.h"

void kinds_name(int order, bool by_pmd, char text[KINDS_NAME])
{
	snprintf(text, KINDS_NAME, "order-%d %s", order, by_pmd ? "PMD" : "PTE");
}

static void add(json_t *kinds, const char *kind, size_t bytes)
{
	json_int_t before = json_integer_value(json_object_get(kinds, kind));

	if (bytes)
		json_object_set_new(kinds, kind, json_integer(before + (json_int_t)bytes / 1024));
}

/* What smaps counts as mapped by PMDs are folios of that order; the others are mapped by PTEs. */
static void add_folios(json_t *kinds, const struct smaps *smaps, const struct folio_census *census)
{
	size_t bytes, by_pmd;
	char kind[KINDS_NAME];
	int k;

	for (k = 0; k < MAX_ORDERS; k++) {
		bytes = census->of_order[k] * bench_page_size();
		by_pmd = k == thp_pmd_order() ? smaps->pmd_mapped : 0;
		by_pmd = by_pmd < bytes ? by_pmd : bytes;
		kinds_name(k, true, kind);
		add(kinds, kind, by_pmd);
		kinds_name(k, false, kind);
		add(kinds, kind, bytes - by_pmd);
	}
	add(kinds, "torn PTE", census->torn * bench_page_size());
	add(kinds, "small zero", (census->zero - census->huge_zero) * bench_page_size());
	add(kinds, "huge zero", census->huge_zero * bench_page_size());
}

static void add_anon(json_t *kinds, const struct area_look *look)
{
	const struct smaps *smaps = &look->smaps;
	size_t there = look->has_census ? look->census.present * bench_page_size() : 0;

	if (look->has_census && look->census.by_flags) {
		add_folios(kinds, smaps, &look->census);
		return;
	}
	add(kinds, "PMD", smaps->pmd_mapped);
	add(kinds, "PTE", smaps->rss - smaps->pmd_mapped);
	/* Of what is there, Rss counts all but the zero page. */
	add(kinds, "zero", there > smaps->rss ? there - smaps->rss : 0);
}

static void add_file(json_t *kinds, const struct smaps *smaps)
{
	add(kinds, "file PMD", smaps->file_pmd_mapped);
	add(kinds, "file PTE", smaps->rss - smaps->anonymous - smaps->file_pmd_mapped);
	add(kinds, "own PTE", smaps->anonymous);
}

void kinds_add(json_t *kinds, const struct bench_area *area, const struct area_look *look)
{
	char kind[KINDS_NAME];

	if (!look->has_smaps)
		return;
	switch (area->backing) {
	case BACK_ANON:
	case BACK_STACK:
		add_anon(kinds, look);
		break;
	case BACK_HUGETLB:
		snprintf(kind, sizeof(kind), "order-%d hugetlb %s", pages_order(area->order),
			 area->order == ORDER_PUD ? "PUD" : "PMD");
		add(kinds, kind, look->smaps.hugetlb);
		break;
	default:
		add_file(kinds, &look->smaps);
	}
}
