/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pins the pages of an area for reading, a batch with each call: a process reads a byte of each
 * from itself. Its parts are large, so they are no local variables.
 */
#ifndef BENCH_PARTS_PINNER_H
#define BENCH_PARTS_PINNER_H

#include <sys/uio.h>
#include <unistd.h>

#include "bench/bench.h"

#define PINNER_BATCH 512 /* pages that one call reads; at most UIO_MAXIOV */

struct pinner {
	struct iovec page[PINNER_BATCH];
	char bytes[PINNER_BATCH];
};

static inline void pin_read(struct pinner *pinner, const struct bench_area *area)
{
	struct iovec into = {pinner->bytes, PINNER_BATCH};
	size_t page = bench_page_size(), nr = area->len / page, i, k, some;

	for (i = 0; i < nr; i += some) {
		some = nr - i < PINNER_BATCH ? nr - i : PINNER_BATCH;
		for (k = 0; k < some; k++)
			pinner->page[k] = (struct iovec){area->start + (i + k) * page, 1};
		process_vm_readv(getpid(), &into, 1, pinner->page, some, 0);
	}
}

#endif
