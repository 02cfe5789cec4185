/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same op once more, in a process of its own after the timed one, to see where in the kernel it
 * is. Its times are in no record.
 */
#ifndef BENCH_HARNESS_PROFILED_H
#define BENCH_HARNESS_PROFILED_H

#include <jansson.h>
#include <stdbool.h>

#include "bench/harness/child.h"
#include "bench/harness/kernel/kmsg.h"

/* What profiled_run() asks its process to sample: a set of counters (timing/sampler.h), as JSON. */
json_t *profiled_events(void);

/*
 * Repeats what an ok run, which took so many seconds, was asked for, and puts "profile" into its
 * record: what was sampled, or why nothing could be. False: abandoned, as child_run().
 */
bool profiled_run(const struct child_way *way, struct kmsg *kmsg, const json_t *request,
		  json_t *events, double took_s, struct run_record *rec);

#endif
