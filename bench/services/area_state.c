// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The services of bench.h that bring an area into a state: swapped out, not soft-dirty, under a
 * memory policy.
 */
#include <errno.h>
#include <fcntl.h>
#include <numa.h>
#include <numaif.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/harness/folios.h"

#define MAX_TRIES 20

int area_swap_out(struct bench_run *run, const struct bench_area *area)
{
	struct smaps smaps = {0};
	int i;

	/* Pages that wait in some CPU's list for their place on the LRU are passed over at first.
	 */
	for (i = 0; i < MAX_TRIES && smaps.swap != area->len; i++) {
		if (madvise(area->start, area->len, MADV_PAGEOUT))
			return bench_fail(run, "madvise(MADV_PAGEOUT): %s", strerror(errno));
		if (!folios_smaps(area->start, area->len, &smaps))
			return bench_fail(run, "/proc/self/smaps: %s", strerror(errno));
	}
	if (smaps.swap == area->len)
		return 0;
	return bench_fail(run, "MADV_PAGEOUT swapped out %zu of %zu KiB; is swap full?",
			  smaps.swap / 1024, area->len / 1024);
}

int area_soft_clean(struct bench_run *run)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, "4", 1) == 1;

	if (fd >= 0)
		close(fd);
	return ok ? 0 : bench_fail(run, "/proc/self/clear_refs: %s", strerror(errno));
}

int area_policy(struct bench_run *run, struct bench_area *area, const char *policy)
{
	struct bitmask *nodes = numa_get_mems_allowed();
	int mode = !strcmp(policy, "interleave") ? MPOL_INTERLEAVE
		   : !strcmp(policy, "bind")	 ? MPOL_BIND
						 : MPOL_PREFERRED;
	int error = mbind(area->start, area->len, mode, nodes->maskp, nodes->size + 1, 0);

	numa_free_nodemask(nodes);
	if (error)
		return bench_fail(run, "mbind(%s): %s", policy, strerror(errno));
	area->policy = policy;
	return 0;
}
