/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A crew (crew.h), as its parts know it.
 */
#ifndef BENCH_HARNESS_TIMING_CREW_DATA_H
#define BENCH_HARNESS_TIMING_CREW_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/bench.h"
#include "bench/harness/kernel/clock.h"
#include "bench/harness/kernel/vmstat.h"
#include "bench/harness/proof/verify.h"
#include "bench/harness/timing/collect.h"
#include "bench/harness/timing/counters.h"
#include "bench/harness/timing/slot.h"

/* What is asked for, and what comes out. */
struct crew {
	struct bench_run run; /* of this process */
	int iterations, warmup;
	const int *cpus; /* one a worker; -1: not pinned */
	bool calm;	 /* before each op, let the kernel finish what earlier ones left to it, and
			    warm up until an op does as much as the one before; one worker */
	unsigned long rounds; /* REPEAT_TIME: calls of op by each worker of the first role, in place
				 of a time; 0: there is a time */
	int memory_fd;	      /* -1, or where layout_around() writes what memory is used for */
	const struct counter_set *counter_set;
	bool sampled;  /* the op is: counter_set has what sampler_open() wants */
	double most_s; /* sampled: after so long no further iteration begins */
	struct bench_clock clock;
	uint64_t exec_ns; /* NEED_EXEC: from execve() to main(); else 0 */

	/* results, in the process that called crew_work() */
	uint64_t last_op; /* calm: what the last op took, ns */
	int added;	  /* to warmup, since that had not settled */
	struct crew_shared *shared;
	struct sampled *samples;	   /* sampled: a worker each; else NULL */
	uint64_t enough_ns;		   /* sampled: when that is */
	unsigned int nr_workers, nr_first; /* all, and those of the first role that has workers, */
	unsigned int first;		   /* which is that */
	struct vmstat *vmstat;
	struct verdicts verdicts;
	struct collected collected;
};

#endif
