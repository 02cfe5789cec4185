// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/kernel/clock.h"

#include <stdlib.h>

#define READINGS 5000

static double cost(clockid_t id)
{
	uint64_t start = clock_now(id), now = start;
	unsigned int i;

	for (i = 0; i < READINGS; i++)
		now = clock_now(id);
	return (double)(now - start) / READINGS;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/*
 * A clock that ticks slower than it is read shows no change between some readings; its smallest
 * change is then its tick. Otherwise the smallest gap between two different changes bounds it.
 */
static uint64_t resolution(clockid_t id)
{
	static uint64_t step[READINGS];
	uint64_t last = clock_now(id), now, gap, best = UINT64_MAX;
	unsigned int i;

	for (i = 0; i < READINGS; i++) {
		now = clock_now(id);
		step[i] = now - last;
		last = now;
	}
	qsort(step, READINGS, sizeof(step[0]), by_value);
	for (i = 1; i < READINGS; i++) {
		gap = step[i] - (step[0] ? step[i - 1] : 0);
		if (gap && gap < best)
			best = gap;
	}
	return best == UINT64_MAX ? 1 : best;
}

struct bench_clock clock_measure(void)
{
	struct bench_clock clock = {.id = CLOCK_MONOTONIC_RAW};
	double plain = cost(CLOCK_MONOTONIC);

	clock.cost_ns = cost(CLOCK_MONOTONIC_RAW);
	if (clock.cost_ns > 2 * plain) {
		clock.id = CLOCK_MONOTONIC;
		clock.cost_ns = plain;
	}
	clock.resolution_ns = resolution(clock.id);
	return clock;
}
