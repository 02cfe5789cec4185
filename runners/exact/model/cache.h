/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set-associative array of keys, of which each set forgets the one that was not used for longest:
 * a cache of lines as well as a TLB.
 */
#ifndef RUNNERS_EXACT_MODEL_CACHE_H
#define RUNNERS_EXACT_MODEL_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CACHE_EMPTY 0 /* no key */

struct cache {
	uint64_t *keys; /* a set after the other, each in the order of its use, last used first */
	uint32_t sets, ways;
	uint32_t mask; /* sets - 1 if that is a power of 2; else 0 */
};

/* False without memory. sets 0: it is not there, and must not be used. */
bool cache_init(struct cache *c, uint32_t sets, uint32_t ways);

/* Uses the key, which is put in if it is not there; returns whether it was. index says in which
 * set. */
bool cache_use(struct cache *c, uint64_t index, uint64_t key);

/* Forgets the keys of which any of these bits is set. */
void cache_forget(struct cache *c, uint64_t bits);

void cache_free(struct cache *c);

#endif
