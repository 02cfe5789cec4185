// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/model/hierarchy.h"

#include <stddef.h>

/* Bits of a key that are not part of what it stands for. */
#define KEY_USED 1ULL /* so that no key is CACHE_EMPTY */
#define KEY_OWN	 2ULL
#define KEY_BITS 2

/*
 * Keys of translations have where they lead, exactly in up to 4 GiB of memory, below where they
 * are: bits 12 to 52 of an address, of which the lowest of all that are 1 is one more and says how
 * large the page is, as it is the first below the page's number.
 */
#define LEADS_BITS  20
#define WHERE_SHIFT (KEY_BITS + LEADS_BITS)
#define LEAST_PAGE  12
#define TOP_BITS    (63 - 52) /* bits of an address that are like bit 52 */

bool hierarchy_init(struct hierarchy *h, const struct cache_model *geometry)
{
	const struct cache_geometry *g;
	bool ok = true;
	int level;

	*h = (struct hierarchy){0};
	for (level = 0; level < NR_CACHE_LEVELS; level++) {
		g = &geometry->level[level];
		ok &= cache_init(&h->level[level], g->sets, g->ways);
		h->shift[level] = g->line ? (unsigned int)__builtin_ctz(g->line) : 0;
	}
	if (!ok)
		hierarchy_free(h);
	return ok;
}

void hierarchy_free(struct hierarchy *h)
{
	int level;

	for (level = 0; level < NR_CACHE_LEVELS; level++)
		cache_free(&h->level[level]);
}

/* Whether the level has it, or is not there and so is passed by. */
static bool ask(struct hierarchy *h, enum cache_level level, uint64_t index, uint64_t key,
		struct misses *m)
{
	if (!h->level[level].sets)
		return false;
	if (cache_use(&h->level[level], index, key))
		return true;
	m->of[level]++;
	return false;
}

/* The levels behind the first will be asked. */
static void expect_line(const struct hierarchy *h, uint64_t paddr)
{
	enum cache_level level;

	for (level = CACHE_L2; level <= CACHE_LLC; level++)
		if (h->level[level].sets)
			cache_expect(&h->level[level], paddr >> h->shift[level]);
}

void hierarchy_line(struct hierarchy *h, uint64_t paddr, struct misses *m)
{
	enum cache_level level;
	uint64_t line;

	m->accesses++;
	for (level = CACHE_L1D; level <= CACHE_LLC; level++) {
		line = paddr >> h->shift[level];
		if (ask(h, level, line, line << KEY_BITS | KEY_USED, m))
			return;
		if (level == CACHE_L1D)
			expect_line(h, paddr);
	}
}

static uint64_t where_key(uint64_t vaddr, unsigned int shift)
{
	return ((vaddr >> shift << 1 | 1) << (shift - LEAST_PAGE)) << WHERE_SHIFT;
}

static unsigned int key_shift(uint64_t key)
{
	return (unsigned int)__builtin_ctzll(key >> WHERE_SHIFT) + LEAST_PAGE;
}

/* The first address that it maps. */
static uint64_t key_first(uint64_t key)
{
	uint64_t where = key >> WHERE_SHIFT, number = where & (where - 1);

	return (uint64_t)((int64_t)(number << (LEAST_PAGE - 1 + TOP_BITS)) >> TOP_BITS);
}

struct page_key hierarchy_key(const struct page *page)
{
	uint64_t leads = page->paddr >> page->shift;
	uint64_t bits = KEY_USED | (page->own ? KEY_OWN : 0);

	leads = (leads ^ leads >> LEADS_BITS) & ((1ULL << LEADS_BITS) - 1);
	return (struct page_key){
		.at = page->vaddr >> page->shift,
		.key = where_key(page->vaddr, page->shift) | leads << KEY_BITS | bits,
		.table = page->vaddr >> page->table,
		.pointer = where_key(page->vaddr, page->table) | bits,
	};
}

/* The same, of a level of translations. */
static bool ask_where(struct hierarchy *h, enum cache_level level, uint64_t index, uint64_t key,
		      struct misses *m)
{
	if (ask(h, level, index, key, m))
		return true;
	h->sizes[level] |= 1ULL << key_shift(key);
	return false;
}

void hierarchy_page(struct hierarchy *h, const struct page_key *key, struct misses *m)
{
	if (!ask_where(h, CACHE_DTLB, key->at, key->key, m) &&
	    !ask_where(h, CACHE_L2TLB, key->at, key->key, m))
		ask_where(h, CACHE_WALK, key->table, key->pointer, m);
}

static bool maps(uint64_t key, const void *data)
{
	const struct flush *flush = data;
	uint64_t first = key_first(key);

	return first <= flush->last && first + ((1ULL << key_shift(key)) - 1) >= flush->first;
}

/* Looks where keys of each size that there is would be. */
static void forget_addresses(struct hierarchy *h, enum cache_level level, const struct flush *flush)
{
	uint64_t sizes = h->sizes[level];
	unsigned int shift;

	for (; sizes; sizes &= sizes - 1) {
		shift = (unsigned int)__builtin_ctzll(sizes);
		cache_forget_at(&h->level[level], flush->first >> shift, flush->last >> shift, maps,
				flush);
	}
}

static void forget(struct hierarchy *h, enum cache_level level, enum flush_scope scope,
		   const struct flush *flush)
{
	if (scope == FLUSH_ADDRESSES)
		forget_addresses(h, level, flush);
	else if (scope != FLUSH_NOTHING)
		cache_forget(&h->level[level], scope == FLUSH_ALL ? KEY_USED : KEY_OWN);
}

void hierarchy_flush(struct hierarchy *h, const struct flush *flush)
{
	forget(h, CACHE_DTLB, flush->pages, flush);
	forget(h, CACHE_L2TLB, flush->pages, flush);
	forget(h, CACHE_WALK, flush->tables, flush);
}
