// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/limits.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "bench/harness/kernel/cgroup.h"
#include "bench/services/run.h"
#include "common/io.h"
#include "common/units.h"

#define SPARE_MEMORY (64UL << 20)
#define SPARE_TASKS  4 /* the run's process, a child, who answers for userfaultfd */

#define ITSELF	  ", 64M for itself" /* SPARE_MEMORY */
#define BY_CGROUP "its cgroup's limit"

static bool leaves(uint64_t left, uint64_t bytes, const char *of, const char *limit, char *why,
		   size_t room)
{
	char need[UNITS_TEXT], have[UNITS_TEXT];

	if (bytes <= left)
		return true;
	snprintf(why, room, "needs %s of %s: %s leaves %s",
		 units_bytes((int64_t)(bytes >> 20 << 20), need), of, limit,
		 units_bytes((int64_t)(left >> 20 << 20), have));
	return false;
}

static bool leaves_tasks(uint64_t left, unsigned int workers, char *why, size_t room)
{
	if (workers + SPARE_TASKS <= left)
		return true;
	snprintf(why, room, "needs %u tasks, and %d for itself: " BY_CGROUP " leaves %u", workers,
		 SPARE_TASKS, (unsigned int)left);
	return false;
}

/* What a limit leaves beyond what this process, as that of a run will, has: pages of statm. */
static uint64_t rlimit_left(int resource, int field)
{
	char *text = io_read_file("/proc/self/statm"), *at = text;
	struct rlimit limit = {0};
	uint64_t used = 0;

	for (; at && field >= 0; field--)
		used = strtoull(at, &at, 10) * bench_page_size();
	free(text);
	getrlimit((__rlimit_resource_t)resource, &limit);
	if (limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

bool limits_allow(const struct bench_run *run, unsigned long needs, char *why, size_t room)
{
	uint64_t memory = run_memory(run) + SPARE_MEMORY;
	size_t size = (size_t)point_value(run, BENCH_SIZE, 0);
	size_t swap = needs & NEED_SWAP ? size : 0, hugetlb = needs & NEED_HUGETLB ? size : 0,
	       gigantic = needs & NEED_HUGETLB_PUD ? size : 0;
	unsigned int tasks = run->threads * run->processes + run->sharers;

	return leaves(cgroup_memory_room(), memory, "memory" ITSELF, BY_CGROUP, why, room) &&
	       leaves(cgroup_swap_room(), swap, "swap", BY_CGROUP, why, room) &&
	       leaves(cgroup_hugetlb_room(bench_folio_size(ORDER_PMD)), hugetlb, "hugetlb pages",
		      BY_CGROUP, why, room) &&
	       (!gigantic || leaves(cgroup_hugetlb_room(bench_folio_size(ORDER_PUD)), gigantic,
				    "hugetlb pages", BY_CGROUP, why, room)) &&
	       leaves_tasks(cgroup_tasks_room(), tasks, why, room) &&
	       leaves(rlimit_left(RLIMIT_AS, 0), memory, "address space" ITSELF, "ulimit -v", why,
		      room) &&
	       leaves(rlimit_left(RLIMIT_DATA, 5), memory, "data" ITSELF, "ulimit -d", why, room);
}
