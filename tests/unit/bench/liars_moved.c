// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What happens to a worker while it measures, done by itself.
 */
#include <sched.h>
#include <signal.h>

#include "tests/unit/bench/liars.h"

/* To one CPU that is not its own, once. */
static void move(struct bench_run *run)
{
	static bool moved;
	cpu_set_t other;
	int cpu, own = sched_getcpu();

	(void)run;
	for (cpu = 0; cpu < CPU_SETSIZE && !moved; cpu++) {
		CPU_ZERO(&other);
		CPU_SET(cpu, &other);
		moved = cpu != own && !sched_setaffinity(0, sizeof(other), &other);
	}
}

static void spread(struct bench_run *run)
{
	cpu_set_t all;
	int cpu;

	(void)run;
	CPU_ZERO(&all);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		CPU_SET(cpu, &all);
	sched_setaffinity(0, sizeof(all), &all);
}

/* Somebody else is to continue it. */
static void stop(struct bench_run *run)
{
	static bool stopped;

	(void)run;
	if (!stopped)
		raise(SIGSTOP);
	stopped = true;
}

const struct lie lie_moves = {.op = move};
const struct lie lie_spreads = {.op = spread};
const struct lie lie_stops = {.op = stop};
