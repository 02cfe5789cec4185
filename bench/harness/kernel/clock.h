/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one clock everything is timed with.
 */
#ifndef BENCH_HARNESS_KERNEL_CLOCK_H
#define BENCH_HARNESS_KERNEL_CLOCK_H

#include <stdint.h>
#include <time.h>

struct bench_clock {
	clockid_t id; /* CLOCK_MONOTONIC_RAW, or CLOCK_MONOTONIC where that is a system call */
	uint64_t resolution_ns; /* the smallest step it can show, at least 1 */
	double cost_ns;		/* of one reading, mean over many */
};

/* Chooses the clock and measures it; takes a few ms. */
struct bench_clock clock_measure(void);

static inline uint64_t clock_now(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}

static inline double clock_seconds(clockid_t id)
{
	return (double)clock_now(id) / 1e9;
}

#endif
