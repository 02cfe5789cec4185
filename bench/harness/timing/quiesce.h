/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_HARNESS_TIMING_QUIESCE_H
#define BENCH_HARNESS_TIMING_QUIESCE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Before an op whose instructions are counted: lets the kernel finish what earlier ones left to it
 * and, before the first op of a run, gives it a new stock of random numbers. Takes 0.1 s.
 */
void calm_kernel(bool first);

/*
 * Whether an op does as much as the one before it, ns each of the guest's clock, which are
 * instructions: within CALM_SHARE, and within what one more interrupt is.
 */
bool calm_settled(uint64_t before, uint64_t now);

#define CALM_SHARE     0.002
#define CALM_INTERRUPT 10000 /* instructions */
#define CALM_MOST      10    /* iterations of a warm-up that are added until it has settled */

#endif
