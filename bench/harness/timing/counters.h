/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * perf_event counters of one worker, by libpfm4 or tracepoint ("system:event") name, enabled
 * around op only. What the kernel refuses is kept as refused, with the reason, never as zero.
 */
#ifndef BENCH_HARNESS_TIMING_COUNTERS_H
#define BENCH_HARNESS_TIMING_COUNTERS_H

#include <jansson.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_COUNTERS 64

/* What names mean, worked out once for all runs: libpfm4 looks at the CPU for long (arm64). */
struct counter_set {
	size_t nr;
	struct counter_event {
		const char *name; /* borrowed */
		struct perf_event_attr attr;
		char refused[120]; /* why no kernel could count it, or empty */
	} event[MAX_COUNTERS];
};

struct counter {
	int fd;		/* -1 if refused */
	int leader;	/* index of the leader of its group */
	bool user_only; /* an unprivileged page-fault counter: faults from user space only */
	char refused[120];
	uint64_t value; /* set by counters_read(): since the last reset; times in ns */
	uint64_t enabled;
	uint64_t running;
	uint64_t enabled_before, running_before; /* at that reset */
};

struct counters {
	size_t nr;
	struct counter counter[MAX_COUNTERS];
};

/* Looks the names (an array of strings, which must outlive the set) up. */
void counter_set_init(struct counter_set *set, const json_t *names);

/* A set as JSON, for another process of the same program; and back, names borrowed from it. */
json_t *counter_set_to_json(const struct counter_set *set);
bool counter_set_from_json(struct counter_set *set, const json_t *json);

/* Opens the counters of the calling thread, disabled. */
void counters_open(struct counters *c, const struct counter_set *set);

void counters_enable(const struct counters *c);
void counters_disable(const struct counters *c);

/* Sets all values and times to zero; the calling thread must be the one that opened them. */
void counters_reset(struct counters *c);

/* Reads all values; the calling thread must be the one that opened them. */
void counters_read(struct counters *c);

/*
 * {name: {value, enabled, running} | {refused}}, summed over nr workers that opened the same set.
 * One that never ran has no value.
 */
json_t *counters_to_json(const struct counter_set *set, struct counters *const *workers, size_t nr);

#endif
