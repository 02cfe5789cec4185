// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/collect.h"

#include <stdlib.h>

bool collect_start(struct crew *crew)
{
	size_t nr = (size_t)crew->iterations;
	unsigned int role;

	crew->samples = calloc(nr, sizeof(uint64_t));
	crew->workers_ns = calloc(nr, sizeof(uint64_t));
	for (role = 0; role < MAX_ROLES; role++) {
		crew->ops[role] = calloc(nr, sizeof(uint64_t));
		crew->busy_ns[role] = calloc(nr, sizeof(uint64_t));
		if (!crew->ops[role] || !crew->busy_ns[role])
			return false;
	}
	return crew->samples && crew->workers_ns;
}

void collect(struct crew *crew)
{
	uint64_t start = UINT64_MAX, end = 0, sum = 0;
	const struct slot *slot;
	bool switched = false;
	unsigned int i, role, first = MAX_ROLES;
	int n = crew->nr_samples++;

	for (i = 0; i < crew->nr_workers; i++) {
		slot = &crew->shared->slots[i];
		start = slot->start < start ? slot->start : start;
		end = slot->end > end ? slot->end : end;
		sum += slot->end - slot->start;
		switched |= slot->switched;
		role = bench_role(&crew->run, i % crew->run.threads);
		first = role < first ? role : first;
		crew->ops[role][n] += slot->ops;
		crew->busy_ns[role][n] += slot->busy_ns;
	}
	if (crew->nr_workers > 1)
		beside_look(&crew->beside, crew->shared->slots, crew->nr_workers);
	crew->samples[n] = end - start;
	crew->workers_ns[n] = sum;
	if (crew->run.bench->repeat)
		crew->samples[n] = crew->busy_ns[first][n] / crew->ops[first][n];
	else
		crew->switched += switched;
}
