/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPUs workers may be put on. The kernel leaves isolated CPUs (isolcpus=) out of everybody's
 * affinity, and lets anybody ask for them all the same.
 */
#ifndef BENCH_HARNESS_PROVIDE_ALLOWED_H
#define BENCH_HARNESS_PROVIDE_ALLOWED_H

#include <hwloc.h>

struct allowed {
	hwloc_bitmap_t by_name;	 /* where to look for a placement: without those that somebody
				    (taskset) took from this process */
	hwloc_bitmap_t at_all;	 /* what sched_setaffinity() lets it have */
	hwloc_bitmap_t isolated; /* those of at_all that the scheduler keeps everybody off */
};

struct allowed allowed_read(void);
void allowed_free(struct allowed *a);

/* How many CPUs workers can be put on at most. */
unsigned int allowed_count(void);

#endif
