/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DAMON, a part of the kernel that finds out which memory is in use: its threads look at a page of
 * each region every few ms, under the page's lock, which reclaim and splits only try to take, and
 * forget that it was used; by its schemes they reclaim what was not used for seconds.
 */
#ifndef BENCH_HARNESS_KERNEL_DAMON_H
#define BENCH_HARNESS_KERNEL_DAMON_H

#include <stdbool.h>

/* How many of its threads there are, "kdamond" by name; anybody sees them. */
int damon_threads(void);

/*
 * Calls set for each switch that is on, and can be written to, with what turns it off: those of
 * its modules, and of what root has set up by its sysfs. False if set was.
 */
bool damon_switches(bool (*set)(void *arg, const char *path, const char *off), void *arg);

#endif
