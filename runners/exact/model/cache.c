// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/model/cache.h"

#include <stdlib.h>

bool cache_init(struct cache *c, uint32_t sets, uint32_t ways)
{
	*c = (struct cache){.sets = sets, .ways = ways, .mask = sets & (sets - 1) ? 0 : sets - 1};
	c->keys = sets ? calloc((size_t)sets * ways, sizeof(*c->keys)) : NULL;
	return c->keys || !sets;
}

void cache_forget(struct cache *c, uint64_t bits)
{
	uint64_t *keys = c->keys;
	uint32_t set, at, kept;

	for (set = 0; set < c->sets; set++, keys += c->ways) {
		for (at = kept = 0; at < c->ways; at++)
			if (!(keys[at] & bits))
				keys[kept++] = keys[at];
		while (kept < c->ways)
			keys[kept++] = CACHE_EMPTY;
	}
}

void cache_forget_at(struct cache *c, uint64_t first, uint64_t last,
		     bool (*which)(uint64_t key, const void *data), const void *data)
{
	uint64_t sets = last - first < c->sets ? last - first + 1 : c->sets, *keys;
	uint32_t at, kept;

	for (; sets; sets--, first++) {
		keys = cache_set(c, first);
		for (at = kept = 0; at < c->ways; at++)
			if (keys[at] != CACHE_EMPTY && !which(keys[at], data))
				keys[kept++] = keys[at];
		while (kept < c->ways)
			keys[kept++] = CACHE_EMPTY;
	}
}

void cache_free(struct cache *c)
{
	free(c->keys);
	*c = (struct cache){0};
}
