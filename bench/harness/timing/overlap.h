/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Did the workers of a crew run side by side? On a busy machine, or with too few CPUs, one may have
 * ended before another has begun, and then nothing was contended, and the time from the first start
 * to the last end is mostly the time between the starts.
 */
#ifndef BENCH_HARNESS_TIMING_OVERLAP_H
#define BENCH_HARNESS_TIMING_OVERLAP_H

#include <jansson.h>
#include <stdint.h>

#include "bench/harness/timing/slot.h"
#include "common/record.h"

/* What was seen so far; all zero at first. */
struct beside {
	json_t *apart_ns; /* of each iteration with workers apart: last start less first start */
	int one_cpu;	  /* iterations that all workers ended on the same CPU */
};

/*
 * Looks at an iteration that nr workers have ended. They were apart if they all had less of it in
 * common, from the last start to the first end, than half of their mean time.
 */
void beside_look(struct beside *b, const struct slot *slots, unsigned int nr);

/* Whether they were not apart, and each ended on a CPU of its own. One may have been switched out.
 */
bool beside_all(const struct slot *slots, unsigned int nr);

/* Adds a note to a record whose conditions (common/record.h) say that they did not. */
void beside_note(struct run_record *rec);

#endif
