/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What memory consists of, read from /proc: VMAs from maps, mapping from smaps, and, for root,
 * every page's folio from pagemap and kpageflags.
 */
#ifndef BENCH_HARNESS_KERNEL_FOLIOS_H
#define BENCH_HARNESS_KERNEL_FOLIOS_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_ORDERS 32

/* The VMAs of this process in a range, from maps: cheap, walks no page tables. */
struct vma_count {
	unsigned int total; /* of the process */
	unsigned int overlapping;
	bool exact; /* one VMA is exactly the range */
};

bool folios_vmas(const char *start, size_t len, struct vma_count *ret);

/* From smaps, summed over the VMAs overlapping the range; bytes. Walks the page tables. */
struct smaps {
	size_t rss;		/* the zero page does not count */
	size_t pmd_mapped;	/* AnonHugePages */
	size_t file_pmd_mapped; /* FilePmdMapped, ShmemPmdMapped */
	size_t anonymous;	/* of rss: not of a file */
	size_t lazy_free;	/* given up by MADV_FREE */
	size_t swap;
	size_t hugetlb;	 /* not in rss */
	char flags[256]; /* VmFlags of the last of the VMAs, each word between spaces */
};

bool folios_smaps(const char *start, size_t len, struct smaps *ret);

/* How many of the pages there are on the node, by move_pages(); -1 if that cannot be told. */
long folios_on_node(const char *start, size_t len, int node);

/* From pagemap, and kpageflags where that may be read. */
struct folio_census {
	bool by_flags; /* kpageflags was read; else only present is known */
	size_t pages;
	size_t present;		     /* pages mapped to anything */
	size_t zero;		     /* pages mapped to the zero page, small or huge */
	size_t huge_zero;	     /* of these to the huge one */
	size_t of_order[MAX_ORDERS]; /* pages in whole folios of that order, mapped in order */
	size_t torn;		     /* pages of a folio that the range maps only in part */
	size_t exclusive;	     /* present pages that nobody else maps */
	size_t soft_dirty;	     /* pages written to since the bits were cleared */
};

/* The policy that numa_maps has for the VMA, as "interleave:0-1". False if it tells none. */
bool folios_policy(const char *start, char *policy, size_t room);

/* False if not even pagemap can be read. */
bool folios_census(const char *start, size_t len, struct folio_census *ret);

#endif
