/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The workers that carry out a point: processes, each with its own memory and threads. All start
 * each op together; one worker of each process (its leader) arms, checks and disarms.
 */
#ifndef BENCH_HARNESS_TIMING_CREW_H
#define BENCH_HARNESS_TIMING_CREW_H

#include "bench/harness/timing/crew_data.h"

/*
 * Carries the point out. The outcome is in shared->status: RUN_OK, RUN_VOID or RUN_FAILED with
 * shared->why. Returns false if not even that could be set up (errno).
 */
bool crew_work(struct crew *crew);

#endif
