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

static inline uint64_t *cache_set(const struct cache *c, uint64_t index)
{
	uint64_t set = c->mask || c->sets == 1 ? index & c->mask : index % c->sets;

	return c->keys + set * c->ways;
}

/* A key of that index will be used soon: the host's own caches miss these, too. */
static inline void cache_expect(const struct cache *c, uint64_t index)
{
	const uint64_t *keys = cache_set(c, index);

	__builtin_prefetch(keys, 1);
	__builtin_prefetch(keys + c->ways - 1, 1);
}

/* Uses the key, which is put in if it is not there; returns whether it was. index says in which
 * set. */
static inline bool cache_use(struct cache *c, uint64_t index, uint64_t key)
{
	uint64_t *keys = cache_set(c, index), before = keys[0], next;
	uint32_t at;

	/* All that were used since move one on, into the place of the key or of the last. */
	keys[0] = key;
	for (at = 1; before != key && at < c->ways; at++) {
		next = keys[at];
		keys[at] = before;
		before = next;
	}
	return before == key;
}

/* Forgets the keys of which any of these bits is set. */
void cache_forget(struct cache *c, uint64_t bits);

/* Forgets those of indices first to last that which() says of, with that data; may ask it of
 * others. */
void cache_forget_at(struct cache *c, uint64_t first, uint64_t last,
		     bool (*which)(uint64_t key, const void *data), const void *data);

void cache_free(struct cache *c);

#endif
