/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the control groups of this process allow it, by those and by all above them that can be seen
 * from here. Version 1 and 2, also side by side; in a container the topmost is the container's own.
 */
#ifndef BENCH_HARNESS_KERNEL_CGROUP_H
#define BENCH_HARNESS_KERNEL_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

#define CGROUP_NO_LIMIT UINT64_MAX

/* Where the group of a controller is: what is above top cannot be seen from here. */
struct cgroup_place {
	bool v2;
	char top[256];
	char folder[1280]; /* begins with top */
};

/* The group that this process is in. False if there is none that can be seen. */
bool cgroup_find(const char *controller, struct cgroup_place *ret);

/* Whether a group is the root of its hierarchy, and not of what a container sees of it. */
bool cgroup_is_root(const char *folder, bool v2);

/* How many CPUs the quota is (0.5: half the time of one), or 0 if there is none. */
double cgroup_cpu_max(void);

/* How often the quota has held tasks of the group so far, and for how long in all. */
struct cgroup_held {
	uint64_t periods, ns;
};

/* Zero where there is no quota. */
struct cgroup_held cgroup_held(void);

/* "root", whose pages are charged to nobody, or "nested"; NULL if it cannot be told. */
const char *cgroup_memory(void);

/* Whether hugetlb pages are charged as other memory is: version 2 mounted so (6.7), not version 1.
 */
bool cgroup_charges_hugetlb(void);

/* Bytes at which reclaim begins, or the OOM killer comes: memory.high and memory.max. */
uint64_t cgroup_memory_max(void);

/* Bytes that can be had before that, with what would be given back for them, as of files. */
uint64_t cgroup_memory_room(void);

/* Bytes that are charged to the group, with what CPUs have charged in advance (64 pages each). */
uint64_t cgroup_memory_charged(void);

/* Bytes that can be swapped out. */
uint64_t cgroup_swap_room(void);

/* Bytes of hugetlb pages of a size, which there is, that can be had. */
uint64_t cgroup_hugetlb_room(uint64_t page);

/* Tasks that can be started. */
uint64_t cgroup_tasks_room(void);

#endif
