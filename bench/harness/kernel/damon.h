/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DAMON, a part of the kernel that finds out which memory is in use: its threads look at a page of
 * each region every few ms, under the page's lock, which reclaim and splits only try to take, and
 * forget that it was used; by its schemes they reclaim what was not used for seconds.
 */
#ifndef BENCH_HARNESS_KERNEL_DAMON_H
#define BENCH_HARNESS_KERNEL_DAMON_H

/* How many of its threads there are, "kdamond" by name; anybody sees them. */
int damon_threads(void);

#endif
