/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPU each worker is pinned to, by name, found with hwloc among the CPUs this process may
 * use; isolated ones first. Cores of one kind only, the fastest, where there are several (P and E):
 *
 *   core     one worker a core, cores in order
 *   smt      all hardware threads of a core before the next core
 *   cpus     one worker a core, then the other hardware threads of the cores
 *   spread   one worker a core, taking turns over the NUMA nodes
 *   cache    within one cache of the highest level that is listed, cores first
 *   cluster  within one cluster of cores: what the kernel calls so, or an L2 of several
 *   package  within one package
 *   list:A:B:...  these CPUs
 *   none     not pinned
 */
#ifndef BENCH_HARNESS_PROVIDE_PLACE_H
#define BENCH_HARNESS_PROVIDE_PLACE_H

#include <hwloc.h>
#include <stdbool.h>
#include <stddef.h>

#include "bench/harness/provide/allowed.h"

/*
 * Sets cpus[0..nr-1] to system CPU numbers, or to -1 for none. False, with the reason, if there are
 * not as many as asked for.
 */
bool place_workers(const char *how, unsigned int nr, int *cpus, char *why, size_t room);

/* The same of any machine, and for all but list and none. */
bool place_in(hwloc_topology_t topology, const struct allowed *allowed, const char *how,
	      unsigned int nr, int *cpus, char *why, size_t room);

#endif
