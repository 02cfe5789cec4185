/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The workers that carry out a point: processes, each with its own memory and threads. All start
 * each op together; one worker of each process (its leader) arms, checks and disarms.
 */
#ifndef BENCH_HARNESS_TIMING_CREW_H
#define BENCH_HARNESS_TIMING_CREW_H

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
	struct bench_clock clock;
	uint64_t exec_ns; /* NEED_EXEC: from execve() to main(); else 0 */

	/* results, in the process that called crew_work() */
	uint64_t last_op; /* calm: what the last op took, ns */
	int added;	  /* to warmup, since that had not settled */
	struct crew_shared *shared;
	unsigned int nr_workers, nr_first; /* all, and those of the first role that has workers, */
	unsigned int first;		   /* which is that */
	struct vmstat *vmstat;
	struct verdicts verdicts;
	struct collected collected;
};

/*
 * Carries the point out. The outcome is in shared->status: RUN_OK, RUN_VOID or RUN_FAILED with
 * shared->why. Returns false if not even that could be set up (errno).
 */
bool crew_work(struct crew *crew);

#endif
