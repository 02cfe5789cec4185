// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/disturbance.h"

#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>

#include "bench/harness/kernel/clock.h"

#define READINGS    5
#define LEAST_SLEEP 10000000 /* ns: more than two readings of clocks can be apart */

static volatile sig_atomic_t continued;

static void on_continued(int sig)
{
	(void)sig;
	continued = 1;
}

void disturbance_watch(void)
{
	struct sigaction action = {.sa_handler = on_continued, .sa_flags = SA_RESTART};

	sigaction(SIGCONT, &action, NULL);
}

bool disturbance_none(int cpu, int seen, char *why, size_t room)
{
	if (continued)
		snprintf(why, room,
			 "it was stopped and continued while it measured (^Z, a debugger?)");
	else if (cpu >= 0 && seen != cpu)
		snprintf(why, room,
			 "a worker ended on CPU %d, and was put on CPU %d (taskset, a cpuset or "
			 "hotplug?)",
			 seen, cpu);
	return !continued && (cpu < 0 || seen == cpu);
}

bool disturbance_kept_place(int cpu, char *why, size_t room)
{
	cpu_set_t set;

	if (cpu < 0 || sched_getaffinity(0, sizeof(set), &set) ||
	    (CPU_COUNT(&set) == 1 && CPU_ISSET(cpu, &set)))
		return true;
	snprintf(
		why, room,
		"a worker that was put on CPU %d may run elsewhere (taskset, a cpuset or hotplug?)",
		cpu);
	return false;
}

uint64_t disturbance_suspended(void)
{
	uint64_t least = UINT64_MAX, awake, all;
	int i;

	/* Being switched out between the two makes the difference larger, never smaller. */
	for (i = 0; i < READINGS; i++) {
		awake = clock_now(CLOCK_MONOTONIC);
		all = clock_now(CLOCK_BOOTTIME);
		least = all - awake < least ? all - awake : least;
	}
	return least;
}

bool disturbance_awake(uint64_t before, char *why, size_t room)
{
	uint64_t slept = disturbance_suspended() - before;

	/* Taken twice, so it may be a little less as well. */
	if (slept < LEAST_SLEEP || slept > UINT64_MAX / 2)
		return true;
	snprintf(why, room, "the machine was suspended for %.3g s while it measured",
		 (double)slept / 1e9);
	return false;
}

bool disturbance_not_held(struct cgroup_held before, char *why, size_t room)
{
	struct cgroup_held now = cgroup_held();
	uint64_t periods = now.periods - before.periods, ns = now.ns - before.ns;

	if ((!periods && !ns) || sched_getscheduler(0) == SCHED_FIFO)
		return true;
	snprintf(why, room,
		 "a CPU quota of %.3g CPUs held it for %.3g s, in %" PRIu64
		 " periods (docker --cpus, CPUQuota=?)",
		 cgroup_cpu_max(), (double)ns / 1e9, periods);
	return false;
}
