/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * perf_event counters of one worker, enabled around op only: on the PMU of the core that it is put
 * on, or of the whole machine. What the kernel refuses is kept as refused, with the reason, never
 * as zero.
 */
#ifndef BENCH_HARNESS_TIMING_COUNTERS_H
#define BENCH_HARNESS_TIMING_COUNTERS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/harness/timing/counter_set.h"

struct counter {
	int fd;		/* -1 if refused */
	int leader;	/* index of the leader of its group */
	bool user_only; /* an unprivileged page-fault counter: faults from user space only */
	uint32_t group; /* of which it is, or that it leads */
	bool everywhere;
	int *more; /* of this process: the same event on other PMUs, or on other CPUs */
	size_t nr_more;
	char refused[160];
	uint64_t value; /* set by counters_read(): since the last reset; times in ns */
	uint64_t enabled;
	uint64_t running;
	uint64_t enabled_before, running_before; /* at that reset */
};

struct counters {
	size_t nr;
	struct counter counter[MAX_COUNTERS];
};

/*
 * Opens the counters of the calling thread, which is put on a CPU, or anywhere (-1), disabled. What
 * counts for the whole machine is opened by the crew's first alone.
 */
void counters_open(struct counters *c, const struct counter_set *set, int cpu, bool first);

void counters_enable(const struct counters *c);
void counters_disable(const struct counters *c);

/* Sets all values and times to zero; the calling thread must be the one that opened them. */
void counters_reset(struct counters *c);

/* Reads all values; the calling thread must be the one that opened them. */
void counters_read(struct counters *c);

/*
 * {name: {value, enabled, running} | {refused}}, summed over nr workers that opened the same set,
 * the first of them as such. One that never ran has no value.
 */
json_t *counters_to_json(const struct counter_set *set, struct counters *const *workers, size_t nr);

#endif
