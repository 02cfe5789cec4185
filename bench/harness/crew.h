/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The workers that carry out a point: processes, each with its own memory and threads. All start
 * each op together; one worker of each process (its leader) arms, checks and disarms.
 */
#ifndef HARNESS_CREW_H
#define HARNESS_CREW_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/bench.h"
#include "bench/harness/beside.h"
#include "bench/harness/clock.h"
#include "bench/harness/counters.h"
#include "bench/harness/verify.h"
#include "bench/harness/vmstat.h"
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
	struct hist hist; /* repeat: of single calls, over the measured iterations */
};

struct crew_shared {
	struct barrier armed, go, done;
	_Alignas(128) atomic_int once_left; /* REPEAT_BESIDE: workers who have not called op yet */
	_Alignas(128) atomic_int stop;	    /* somebody failed: everyone leaves */
	atomic_int why_taken;
	enum run_status status;
	char why[256];
	struct slot slots[];
};

/* What is asked for, and what comes out. */
struct crew {
	struct bench_run run; /* of this process */
	int iterations, warmup;
	const int *cpus; /* one a worker; -1: not pinned */
	bool calm;	 /* before each op, let the kernel finish what earlier ones left to it */
	const struct counter_set *counter_set;
	struct bench_clock clock;
	uint64_t exec_ns; /* NEED_EXEC: from execve() to main(); else 0 */

	/* results, in the process that called crew_work() */
	struct crew_shared *shared;
	unsigned int nr_workers, nr_first; /* all, and those of the role that is named first */
	struct vmstat *vmstat;
	struct verdicts verdicts;
	int nr_samples;
	uint64_t *samples;	  /* one an iteration: last end minus first start, ns */
	uint64_t *workers_ns;	  /* one an iteration: the workers' own times summed */
	uint64_t *ops[MAX_ROLES]; /* repeat: one an iteration, by role */
	uint64_t *busy_ns[MAX_ROLES];
	int switched;	      /* iterations in which any worker was switched out */
	struct beside beside; /* several workers */
};

/*
 * Carries the point out. The outcome is in shared->status: RUN_OK, RUN_VOID or RUN_FAILED with
 * shared->why. Returns false if not even that could be set up (errno).
 */
bool crew_work(struct crew *crew);

#endif
