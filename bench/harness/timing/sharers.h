/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that share a process's memory and do nothing: with one of them its mm has two users, and
 * kernels take other paths (speculative page faults are tried by such processes only).
 */
#ifndef BENCH_HARNESS_TIMING_SHARERS_H
#define BENCH_HARNESS_TIMING_SHARERS_H

#include <stdbool.h>

/*
 * Starts so many in this process, with the CPUs and the scheduling of the caller; returns when all
 * of them sleep for good. They end with the process. False if one cannot be made.
 */
bool sharers_start(unsigned int nr);

/* How many tasks this process has beside the caller. */
unsigned int sharers_there(void);

#endif
