// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The services of bench.h that bring an area into a state: swapped out, not soft-dirty, under a
 * memory policy.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "bench/bench.h"

#define MAX_TRIES    20
#define MAX_NODES    1024
#define NODE_WORD    (8 * sizeof(unsigned long))
#define PAGEMAP_SWAP (1ULL << 62)

/* Bytes of the area that are swapped out, or -1 with errno. */
static ssize_t swapped_out(const struct bench_area *area)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	size_t page = bench_page_size(), nr = area->len / page, first, i;
	uint64_t entries[512];
	ssize_t bytes = 0;

	first = (uintptr_t)area->start / page;
	for (i = 0; i < nr && bytes >= 0; i++)
		if (i % 512 == 0 && pread(fd, entries, sizeof(entries),
					  (off_t)((first + i) * sizeof(*entries))) <= 0)
			bytes = -1;
		else
			bytes += entries[i % 512] & PAGEMAP_SWAP ? (ssize_t)page : 0;
	if (fd >= 0)
		close(fd);
	return bytes;
}

/* Who moves pages has all CPUs do so first, even if there are none to be moved. */
void area_drain_batches(void)
{
	int nodes = 0;

	syscall(SYS_move_pages, 0, 0UL, NULL, &nodes, NULL, 0);
}

int area_swap_out(struct bench_run *run, const struct bench_area *area)
{
	struct sysinfo info;
	ssize_t bytes = 0;
	int i;

	/* Pages that wait in a CPU's list for the LRU are passed over at first. */
	for (i = 0; i < MAX_TRIES && bytes != (ssize_t)area->len; i++) {
		if (madvise(area->start, area->len, MADV_PAGEOUT))
			return bench_fail(run, "madvise(MADV_PAGEOUT): %m");
		bytes = swapped_out(area);
		if (bytes < 0)
			return bench_fail(run, "/proc/self/pagemap: %m");
	}
	if (bytes != (ssize_t)area->len && !sysinfo(&info))
		return bench_fail(
			run, "MADV_PAGEOUT swapped out %zd of %zu KiB, and swap has %zu KiB left",
			bytes / 1024, area->len / 1024,
			(size_t)info.freeswap * info.mem_unit / 1024);
	return 0;
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
