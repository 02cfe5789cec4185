// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/model/hierarchy.h"

#include <stddef.h>

/* Bits of a key that are not part of what it stands for. */
#define KEY_USED 1ULL /* so that no key is CACHE_EMPTY */
#define KEY_OWN	 2ULL
#define KEY_BITS 2

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

/* Two numbers in one; that two pairs come to the same is as good as impossible. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	a = (a ^ b * 0x9e3779b97f4a7c15ULL) * 0xff51afd7ed558ccdULL;
	return a ^ a >> 33;
}

struct page_key hierarchy_key(const struct page *page)
{
	uint64_t at = page->vaddr >> page->shift, leads = page->paddr >> page->shift;
	uint64_t table = page->vaddr >> page->table;
	uint64_t bits = KEY_USED | (page->own ? KEY_OWN : 0);

	return (struct page_key){
		.at = at,
		.key = mix(at, leads << 6 | page->shift) << KEY_BITS | bits,
		.table = table,
		.pointer = mix(table, page->table) << KEY_BITS | bits,
	};
}

void hierarchy_page(struct hierarchy *h, const struct page_key *key, struct misses *m)
{
	if (!ask(h, CACHE_DTLB, key->at, key->key, m) && !ask(h, CACHE_L2TLB, key->at, key->key, m))
		ask(h, CACHE_WALK, key->table, key->pointer, m);
}

void hierarchy_flush(struct hierarchy *h, enum hierarchy_flush what)
{
	uint64_t bits = what == FLUSH_ALL ? KEY_USED : KEY_OWN;

	if (what != FLUSH_OWN_WALKS) {
		cache_forget(&h->level[CACHE_DTLB], bits);
		cache_forget(&h->level[CACHE_L2TLB], bits);
	}
	cache_forget(&h->level[CACHE_WALK], bits);
}
