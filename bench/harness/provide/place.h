/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPU each worker is pinned to, by name, found with hwloc among the CPUs this process may
 * use:
 *
 *   core     one worker a core, cores in order
 *   smt      all hardware threads of a core before the next core
 *   spread   one worker a core, taking turns over the NUMA nodes
 *   cache    within one last-level cache, cores before their second threads
 *   list:A:B:...  these CPUs
 *   none     not pinned
 */
#ifndef BENCH_HARNESS_PROVIDE_PLACE_H
#define BENCH_HARNESS_PROVIDE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/* CPUs this process may use. */
unsigned int place_allowed_cpus(void);

/*
 * Sets cpus[0..nr-1] to system CPU numbers, or to -1 for none. False, with the reason, if there are
 * not as many as asked for.
 */
bool place_workers(const char *how, unsigned int nr, int *cpus, char *why, size_t room);

#endif
