// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/collect.h"

#include <stdlib.h>

bool collect_start(struct collected *c, int iterations)
{
	size_t nr = (size_t)iterations;
	unsigned int role;

	c->samples = calloc(nr, sizeof(uint64_t));
	c->workers_ns = calloc(nr, sizeof(uint64_t));
	for (role = 0; role < MAX_ROLES; role++) {
		c->ops[role] = calloc(nr, sizeof(uint64_t));
		c->busy_ns[role] = calloc(nr, sizeof(uint64_t));
		if (!c->ops[role] || !c->busy_ns[role])
			return false;
	}
	return c->samples && c->workers_ns;
}

void collect(struct collected *c, const struct bench_run *run, const struct slot *slots,
	     unsigned int nr)
{
	uint64_t start = UINT64_MAX, end = 0, sum = 0;
	const struct slot *slot;
	bool switched = false;
	unsigned int i, role, first = MAX_ROLES;
	int n = c->nr_samples++;

	for (i = 0; i < nr; i++) {
		slot = &slots[i];
		start = slot->start < start ? slot->start : start;
		end = slot->end > end ? slot->end : end;
		sum += slot->end - slot->start;
		switched |= slot->switched;
		role = bench_role(run, i % run->threads);
		first = role < first ? role : first;
		c->ops[role][n] += slot->ops;
		c->busy_ns[role][n] += slot->busy_ns;
	}
	if (nr > 1)
		beside_look(&c->beside, slots, nr);
	c->samples[n] = end - start;
	c->workers_ns[n] = sum;
	if (run->bench->repeat)
		c->samples[n] = c->busy_ns[first][n] / c->ops[first][n];
	else
		c->switched += switched;
}

void collect_forget(struct collected *c)
{
	unsigned int role;

	c->nr_samples = c->switched = 0;
	for (role = 0; role < MAX_ROLES; role++)
		c->ops[role][0] = c->busy_ns[role][0] = 0;
}
