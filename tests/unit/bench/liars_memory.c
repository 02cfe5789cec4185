// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lies about what memory is of, files and shared memory, and about what it is charged to: who is to
 * have a control group of its own, and gets out of it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/harness/kernel/cgroup.h"
#include "tests/unit/bench/liars.h"

static struct cgroup_place own_group;

static void join(const char *folder)
{
	char path[1400];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, "0", 1) != 1)
		abort();
	close(fd);
}

static int leave_group(struct bench_run *run)
{
	(void)run;
	if (cgroup_find("memory", &own_group))
		join(own_group.top);
	return 0;
}

static void go_back(struct bench_run *run)
{
	(void)run;
	join(own_group.folder);
}

const struct lie lie_leaves_group = {.arm = leave_group};
const struct lie lie_charges_others = {.arm = leave_group, .op = go_back};

/* A hole in the page cache of a memfd that promises to be there. */
static int map_hole(struct bench_run *run)
{
	area_unmap_all(run);
	if (area_map_as(run, (size_t)run->value[SIZE], 0, BACK_MEMFD))
		return -1;
	return fallocate(run->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
			 (off_t)bench_page_size());
}

/* Shared memory of base pages, which says that PMDs map it. */
static int claim_huge(struct bench_run *run)
{
	area_unmap_all(run);
	if (area_map_as(run, (size_t)run->value[SIZE], 0, BACK_MEMFD))
		return -1;
	run->areas[0].order = ORDER_PMD;
	return 0;
}

/* A file that was written page by page, as if its file system had made larger folios of that. */
static int claim_file_order(struct bench_run *run)
{
	area_unmap_all(run);
	if (area_map_as(run, (size_t)run->value[SIZE], 0, BACK_SHARED_FILE))
		return -1;
	run->areas[0].order = 4;
	return 0;
}

/*
 * Likewise of what PMDs map, and it is touched, so has a page table, and populated: which makes it
 * anew, in larger folios if its file system can.
 */
static int populate_small_file(struct bench_run *run)
{
	run->promise.before = AREA_POPULATED;
	run->promise.after = AREA_ANY; /* a write takes the mapping apart */
	run->promise.faults = 0;
	run->promise.faults_slack = LONG_MAX;
	if (claim_file_order(run))
		return -1;
	run->areas[0].order = ORDER_PMD;
	return area_populate(run, &run->areas[0]);
}

/* Shared memory is not made anew. */
static int populate_small_memfd(struct bench_run *run)
{
	area_unmap_all(run);
	if (area_map_as(run, (size_t)run->value[SIZE], 0, BACK_MEMFD))
		return -1;
	run->areas[0].order = 4;
	return area_populate(run, &run->areas[0]);
}

/* A file whose pages are all in the page cache, and mapped. */
static int claim_uncached(struct bench_run *run)
{
	area_unmap_all(run);
	run->promise.after = AREA_UNCACHED;
	return area_map_as(run, (size_t)run->value[SIZE], 0, BACK_MEMFD);
}

static void drop_all(struct bench_run *run)
{
	madvise(run->areas[0].start, run->areas[0].len, MADV_DONTNEED);
}

const struct lie lie_has_hole = {.arm = map_hole};
const struct lie lie_not_huge = {.arm = claim_huge};
const struct lie lie_small_file = {.arm = claim_file_order};
const struct lie lie_fills_small_file = {.arm = populate_small_file};
const struct lie lie_fills_small_memfd = {.arm = populate_small_memfd};
const struct lie lie_is_cached = {.arm = claim_uncached, .op = drop_all};
