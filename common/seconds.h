/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long things take that nobody measures: time limits, budgets. Measured times are clock.h's.
 */
#ifndef COMMON_SECONDS_H
#define COMMON_SECONDS_H

#include <time.h>

/* Seconds on a clock that never goes back. */
static inline double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
