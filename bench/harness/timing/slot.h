/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the workers of a crew share: a slot each for what it measured, and the barriers.
 */
#ifndef BENCH_HARNESS_TIMING_SLOT_H
#define BENCH_HARNESS_TIMING_SLOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "bench/harness/timing/counters.h"
#include "bench/harness/timing/sampler.h"
#include "bench/services/barrier.h"
#include "common/hist.h"
#include "common/record.h"

#define MAX_ROLES 4

/* One worker's results; in shared memory. Times in ns. */
struct slot {
	_Alignas(128) uint64_t start, end; /* of the last op */
	uint64_t began;			   /* start, but for what executing the program took */
	long faults;			   /* in it */
	bool switched;			   /* the worker was switched out during it */
	uint64_t ops, busy_ns;		   /* repeat: calls of op, and the time in them */
	int cpu;			   /* where it ended */
	struct counters counters;
	struct sampler sampler; /* where the op is sampled; then there are no counters */
	struct hist hist;	/* repeat: of single calls, over the measured iterations */
};

struct crew_shared {
	struct barrier armed, go, done;
	_Alignas(128) atomic_int once_left; /* REPEAT_BESIDE: workers who have not called op yet */
	atomic_int last;	       /* the number of the last iteration, from 1; 0: as planned */
	_Alignas(128) atomic_int stop; /* somebody failed: everyone leaves */
	atomic_int why_taken;
	enum run_status status;
	char why[256];
	struct slot slots[];
};

#endif
