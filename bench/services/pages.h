/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sizes of pages and folios, and whether they are there.
 */
#ifndef BENCH_SERVICES_PAGES_H
#define BENCH_SERVICES_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The order of a folio that a PMD maps: 9 with 4 KiB pages. Known without THP as well. */
int thp_pmd_order(void);

/* The order of such a folio as a number. */
int pages_order(int order);

/*
 * From now on sizes are those of a machine whose base pages have so many bytes, a power of two, and
 * not this one's: for who looks at points that are for another.
 */
void pages_assume(size_t page);

/*
 * The number that a file begins with, or dflt. Without stdio, whose buffers might be new memory in
 * an op.
 */
long pages_number_in(const char *path, long dflt);

/* Pages of a range that are there: mapped, or of a file and in the page cache. */
size_t pages_in_core(const char *start, size_t len);

#define PAGES_PRESENT (1ULL << 63)
#define PAGES_SWAPPED (1ULL << 62)
#define PAGES_FRAME   ((1ULL << 55) - 1)

/* Pages of a range whose entry of /proc/self/pagemap has that bit, or -1 with errno. */
ssize_t pages_marked(const char *start, size_t len, uint64_t bit);

/*
 * Whether a range, which is mapped, consists of whole folios of the order: 1 or 0; -1 if this user
 * does not see page flags. Looks at two pages of each.
 */
int pages_of_order(const char *start, size_t len, int order);

/* Whether all of a range is there: mapped, or of a file and in the page cache. */
bool pages_resident(const char *start, size_t len);

#endif
