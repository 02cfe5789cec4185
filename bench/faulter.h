/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that faults again and again, beside others that change the address space: an op touches
 * the next page of an area of its own, for the first time.
 */
#ifndef BENCH_FAULTER_H
#define BENCH_FAULTER_H

#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/touch.h"

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

/* For refill: one that has touched all its pages drops them. */
static inline void faulter_refill(struct faulter *faulter)
{
	madvise(faulter->start, faulter->len, MADV_DONTNEED);
	faulter->next = faulter->start;
}

#endif
