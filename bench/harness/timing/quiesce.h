/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_HARNESS_TIMING_QUIESCE_H
#define BENCH_HARNESS_TIMING_QUIESCE_H

#include <stdbool.h>

/*
 * Before an op whose instructions are counted: lets the kernel finish what earlier ones left to it
 * and, before the first op of a run, gives it a new stock of random numbers. Takes 0.1 s.
 */
void calm_kernel(bool first);

#endif
