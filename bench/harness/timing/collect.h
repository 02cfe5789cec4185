/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the workers of a crew measured, put together an iteration at a time.
 */
#ifndef BENCH_HARNESS_TIMING_COLLECT_H
#define BENCH_HARNESS_TIMING_COLLECT_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/bench.h"
#include "bench/harness/timing/overlap.h"
#include "bench/harness/timing/slot.h"

struct collected {
	int nr_samples;
	uint64_t *samples;	  /* one an iteration: last end minus first start, ns */
	uint64_t *workers_ns;	  /* one an iteration: the workers' own times summed */
	uint64_t *ops[MAX_ROLES]; /* repeat: one an iteration, by role */
	uint64_t *busy_ns[MAX_ROLES];
	int switched;	      /* iterations in which any worker was switched out */
	struct beside beside; /* several workers */
};

/* Makes room for so many iterations. False: no memory. */
bool collect_start(struct collected *c, int iterations);

/* Takes an iteration's results out of the slots of all nr workers, when all have ended it. */
void collect(struct collected *c, const struct bench_run *run, const struct slot *slots,
	     unsigned int nr);

/* Forgets the one iteration that was taken. */
void collect_forget(struct collected *c);

#endif
