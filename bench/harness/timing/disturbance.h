/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What others do to a run while it measures, and what its times do not show by themselves: it is
 * taken off its CPU, stopped and continued, held by a quota, or sleeps with the whole machine.
 */
#ifndef BENCH_HARNESS_TIMING_DISTURBANCE_H
#define BENCH_HARNESS_TIMING_DISTURBANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/harness/kernel/cgroup.h"

/* From now on this process, and those it forks, notice when they are continued after a stop. */
void disturbance_watch(void);

/*
 * Whether the calling thread was where it should be, and its process was not stopped. cpu: the one
 * it was put on, or -1; seen: where it was. False with the reason in why.
 */
bool disturbance_none(int cpu, int seen, char *why, size_t room);

/* Whether the thread may still run on that CPU only; -1: anywhere. False likewise. */
bool disturbance_kept_place(int cpu, char *why, size_t room);

/* For how long the machine has been suspended since it booted, in ns. */
uint64_t disturbance_suspended(void);

/* Whether it has not been suspended since that was `before`. False likewise. */
bool disturbance_awake(uint64_t before, char *why, size_t room);

/*
 * Whether no quota of its cgroup has held it since that was `before`. It holds no task of
 * SCHED_FIFO. False likewise.
 */
bool disturbance_not_held(struct cgroup_held before, char *why, size_t room);

#endif
