/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the names of counters mean on this machine: by libpfm4, as tracepoints ("system:event"), or
 * as perf names events of a PMU ("pmu/event/"). Worked out once for all runs: libpfm4 looks at the
 * CPU for long (arm64).
 */
#ifndef BENCH_HARNESS_TIMING_COUNTER_SET_H
#define BENCH_HARNESS_TIMING_COUNTER_SET_H

#include <jansson.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>

#include "bench/harness/kernel/pmu.h"

#define MAX_COUNTERS 64

struct counter_event {
	const char *name; /* borrowed */
	struct perf_event_attr attr;
	struct pmu pmu; /* the one whose event it is; without a name: any core's, or software's */
	char refused[160]; /* why no kernel could count it, or empty */
};

struct counter_set {
	size_t nr;
	struct counter_event event[MAX_COUNTERS];
	size_t nr_cores; /* kinds of cores, each with a PMU */
	struct pmu core[PMU_MAX_CORES];
};

/* Looks the names (an array of strings, which must outlive the set) up. */
void counter_set_init(struct counter_set *set, const char *devices, const json_t *names);

/* A set as JSON, for another process of the same program; and back, names borrowed from it. */
json_t *counter_set_to_json(const struct counter_set *set);
bool counter_set_from_json(struct counter_set *set, const json_t *json);

/*
 * What to open for a worker on a CPU, or anywhere (-1): an attr for each PMU that has to count, of
 * which there is one but where cores are of several kinds and the worker is on none. Returns their
 * number, or 0 with the reason.
 */
size_t counter_set_attrs(const struct counter_set *set, size_t event, int cpu,
			 struct perf_event_attr ret[PMU_MAX_CORES], char *why, size_t room);

/* The PMUs of the cores that these CPUs are, "a, b"; empty where cores are of one kind. */
void counter_set_kinds(const struct counter_set *set, const int *cpus, unsigned int nr, char *ret,
		       size_t room);

#endif
