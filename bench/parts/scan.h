/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ioctl(PAGEMAP_SCAN) of /proc/self/pagemap (6.7), which headers of the system may not have.
 */
#ifndef BENCH_PARTS_SCAN_H
#define BENCH_PARTS_SCAN_H

#include <stdint.h>
#include <sys/ioctl.h>

#define SCAN_WRITTEN (1ULL << 1)	     /* PAGE_IS_WRITTEN */
#define SCAN_WP	     (1ULL << 0 | 1ULL << 1) /* PM_SCAN_WP_MATCHING, PM_SCAN_CHECK_WPASYNC */

/* As struct page_region and struct pm_scan_arg. */
struct scan_region {
	uint64_t start, end, categories;
};

struct scan_arg {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};

#define SCAN_IOCTL _IOWR('f', 16, struct scan_arg)

/* Pages that were written to: one region, where all of a range were. */
struct scanned {
	long regions; /* found; -1: errno */
	size_t bytes; /* of the first */
	size_t seen;  /* bytes, written to or not */
} __attribute__((aligned(128)));

static inline void scan(int pagemap, const char *start, size_t len, uint64_t flags,
			struct scanned *ret)
{
	struct scan_region region = {0};
	struct scan_arg arg = {.size = sizeof(arg),
			       .flags = flags,
			       .start = (uintptr_t)start,
			       .end = (uintptr_t)start + len,
			       .vec = (uintptr_t)&region,
			       .vec_len = 1,
			       .category_mask = SCAN_WRITTEN,
			       .return_mask = SCAN_WRITTEN};

	ret->regions = ioctl(pagemap, SCAN_IOCTL, &arg);
	ret->bytes = region.end - region.start;
	ret->seen = arg.walk_end ? arg.walk_end - arg.start : 0;
}

#endif
