/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kinds of memory an area consists of, as a run's record tells it (common/record.h).
 */
#ifndef BENCH_HARNESS_PROOF_FOLIO_KINDS_H
#define BENCH_HARNESS_PROOF_FOLIO_KINDS_H

#include <jansson.h>
#include <stdbool.h>

#include "bench/bench.h"
#include "bench/harness/kernel/folios.h"

#define KINDS_NAME 32

/* What an area is, as far as it could be read. */
struct area_look {
	struct smaps smaps;
	struct folio_census census;
	bool has_smaps, has_census;
	bool drained; /* lazily freed: none of it waits in a CPU's batch */
};

/* "order-9 PMD": folios of that order, mapped by PMDs. */
void kinds_name(int order, bool by_pmd, char text[KINDS_NAME]);

/*
 * Adds an area's to kinds, {kind: KiB}. Pages that are not there have no kind.
 *
 *   anonymous  "order-4 PTE", "order-9 PMD", "torn PTE" (of folios mapped in part), "small zero",
 *              "huge zero"; where kpageflags cannot be read, "PTE", "PMD" and "zero"
 *   hugetlb    "order-9 hugetlb PMD", "order-18 hugetlb PUD"
 *   files      "file PTE", "file PMD", "own PTE" (copies that a private file's area has made); of
 *              which orders the page cache consists is no part of the state
 */
void kinds_add(json_t *kinds, const struct bench_area *area, const struct area_look *look);

#endif
