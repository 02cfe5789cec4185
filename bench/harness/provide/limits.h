/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this process may have of what the machine has: limits of its cgroups, as of a container, and
 * its own, as of ulimit.
 */
#ifndef BENCH_HARNESS_PROVIDE_LIMITS_H
#define BENCH_HARNESS_PROVIDE_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/bench.h"

/* Whether a point with those needs (a mask of enum bench_need) fits. False with the reason. */
bool limits_allow(const struct bench_run *run, unsigned long needs, char *why, size_t room);

#endif
