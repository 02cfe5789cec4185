/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the leader of a process does before and after each op, untimed.
 */
#ifndef BENCH_HARNESS_TIMING_AROUND_H
#define BENCH_HARNESS_TIMING_AROUND_H

#include <stdbool.h>

#include "bench/harness/timing/crew_data.h"

/* Ends the crew's work. The first reason wins; everyone stops. */
void around_stop(struct crew *crew, enum run_status status, const char *why);

/* Arms the op, and checks what was promised before it. False: around_stop() was called. */
bool around_before(struct crew *crew, int iteration);

/* Checks what was promised after it, and disarms. slots are the process's. Likewise. */
bool around_after(struct crew *crew, const struct slot *slots, int iteration);

#endif
