/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A CPU's caches and TLBs, as far as a model has them: each level is asked for what the one before
 * it has not, and keeps it from then on; a line or page that is thrown out goes nowhere, and stays
 * where else it is. No prefetching, no writing back, no instructions.
 */
#ifndef RUNNERS_EXACT_MODEL_HIERARCHY_H
#define RUNNERS_EXACT_MODEL_HIERARCHY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/caches/model.h"
#include "runners/exact/model/cache.h"

struct hierarchy {
	struct cache level[NR_CACHE_LEVELS];
	unsigned int shift[NR_CACHE_LEVELS]; /* log2 of a line's bytes */
	uint64_t sizes[NR_CACHE_LEVELS];     /* a bit for each log2 of what keys of a TLB map */
};

/* What was asked for: lines, and how often which level had it not. */
struct misses {
	uint64_t accesses, of[NR_CACHE_LEVELS];
};

/* What a page is found by: where to look, and what for. */
struct page_key {
	uint64_t at, key;	 /* in TLBs */
	uint64_t table, pointer; /* in a walk cache */
};

/* How an address is translated. */
struct page {
	uint64_t vaddr, paddr; /* any in it */
	unsigned int shift;    /* log2 of its bytes */
	unsigned int table;    /* log2 of the bytes that the table it is in maps */
	bool own;	       /* of one address space; else of all */
};

/* False without memory. */
bool hierarchy_init(struct hierarchy *h, const struct cache_model *geometry);
void hierarchy_free(struct hierarchy *h);

/* The line at a physical address is read or written. */
void hierarchy_line(struct hierarchy *h, uint64_t paddr, struct misses *m);

/*
 * An entry is found by where it is and where that leads, as nobody says of which address space it
 * is: pages that two of them share at the same address are one.
 */
struct page_key hierarchy_key(const struct page *page);

/* Asks the TLBs. */
void hierarchy_page(struct hierarchy *h, const struct page_key *key, struct misses *m);

/* Which translations are forgotten: none, those of addresses, those that are not of all address
 * spaces, or all. */
enum flush_scope {
	FLUSH_NOTHING,
	FLUSH_ADDRESSES,
	FLUSH_OWN,
	FLUSH_ALL
};

struct flush {
	enum flush_scope pages, tables; /* of the TLBs, of the walk cache */
	uint64_t first, last;		/* addresses; of whichever address space */
};

void hierarchy_flush(struct hierarchy *h, const struct flush *flush);

#endif
