/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that faults again and again, beside others that change the address space: an op touches
 * the next page of an area of its own, for the first time.
 */
#ifndef BENCH_PARTS_FAULTER_H
#define BENCH_PARTS_FAULTER_H

#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/parts/touch.h"

struct faulter {
	char *next; /* the page to touch */
	char *start;
	size_t len;
};

static inline struct faulter faulter_of(const struct bench_area *area)
{
	return (struct faulter){area->start, area->start, area->len};
}

TOUCH_PLAIN static inline void faulter_fault(struct faulter *faulter)
{
	*(volatile char *)faulter->next = 1;
	faulter->next += bench_page_size();
}

/*
 * Bytes that one faulter drops at a time. Dropping takes mmap_lock for reading, and what a writer
 * then waits is no fault's doing: to drop 64 MiB at once would be most of its p99.
 */
static inline size_t faulter_step(size_t share)
{
	size_t most = bench_folio_size(ORDER_PMD);

	return share < most ? share : most;
}

/* Bytes that one of so many faulters has: whole steps, or less than one, of an equal share. */
static inline size_t faulter_share(long size, long faulters)
{
	size_t share = faulters ? (size_t)(size / faulters) : 0, page = bench_page_size();

	share -= share % page;
	return share - (share > faulter_step(share) ? share % faulter_step(share) : 0);
}

/* As run->stock: faults from one refill to the next. */
static inline unsigned long faulter_stock(size_t share)
{
	return faulter_step(share) / bench_page_size();
}

/* For refill: drops the pages that come next, from the start again behind the last one. */
static inline void faulter_refill(struct faulter *faulter)
{
	if (faulter->next == faulter->start + faulter->len)
		faulter->next = faulter->start;
	madvise(faulter->next, faulter_step(faulter->len), MADV_DONTNEED);
}

#endif
