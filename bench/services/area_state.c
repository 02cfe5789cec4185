// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The services of bench.h that bring an area into a state: not soft-dirty, under a memory policy.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/bench.h"

#define MAX_NODES 1024
#define NODE_WORD (8 * sizeof(unsigned long))

/* Who moves pages has all CPUs do so first, even if there are none to be moved. */
bool area_drain_batches(void)
{
	int nodes = 0;

	return !syscall(SYS_move_pages, 0, 0UL, NULL, &nodes, NULL, 0);
}

int area_soft_clean(struct bench_run *run)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, "4", 1) == 1;

	if (fd >= 0)
		close(fd);
	return ok ? 0 : bench_fail(run, "/proc/self/clear_refs: %m");
}

/* By their numbers, so that nothing but the C library is needed. */
int area_policy(struct bench_run *run, struct bench_area *area, const char *policy)
{
	int mode = !strcmp(policy, "interleave") ? MPOL_INTERLEAVE
		   : !strcmp(policy, "bind")	 ? MPOL_BIND
						 : MPOL_PREFERRED;
	unsigned long nodes[MAX_NODES / NODE_WORD] = {0};

	if (syscall(SYS_get_mempolicy, NULL, nodes, MAX_NODES, NULL, MPOL_F_MEMS_ALLOWED) ||
	    syscall(SYS_mbind, area->start, area->len, mode, nodes, MAX_NODES, 0))
		return bench_fail(run, "mbind(%s): %m", policy);
	area->policy = policy;
	return 0;
}
