// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmalloc() as far as a program can have it called: a BPF array larger than 8 pages is memory that
 * is contiguous for the kernel alone. What else making one takes is a few thousand instructions,
 * whatever its size. The memory is given back by a worker of the kernel, later, and is not timed.
 */
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/bench.h"

enum {
	SIZE,
	PAGES,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("16M"),
	[PAGES] = {"pages", BENCH_COUNT, "256", NULL, 16, 1 << 16, "pages of one allocation"},
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

static const struct bench_variant variants[] = {
	{"bpf-array", "makes BPF arrays of so many pages each, until there is size of them", "call",
	 NULL, NEED_BPF},
	{0},
};

/* Those of a worker are behind those of the one before it. */
struct arrays {
	union bpf_attr attr;
	size_t nr; /* of a worker */
	int fd[];
};

static size_t bytes_each(const struct bench_run *run)
{
	return bench_page_size() * (size_t)run->value[PAGES];
}

/* Of all workers of a process: bytes. */
static size_t bytes_all(const struct bench_run *run)
{
	return bench_share(run, bytes_each(run)) * run->threads;
}

static const char *refuse(const struct bench_run *run)
{
	if ((size_t)run->value[SIZE] % bytes_each(run) ||
	    (size_t)run->value[SIZE] < bytes_each(run))
		return "size is not a whole number of allocations of so many pages";
	if (!bytes_all(run))
		return "size is less than an allocation of so many pages for each worker";
	return bytes_all(run) / bytes_each(run) > 512
		       ? "size is more than 512 allocations, and a process has 1024 files"
		       : NULL;
}

/* KiB of stacks of tasks that other processes may not have made yet when this one first looks. */
static long stacks(const struct bench_run *run)
{
	size_t page = bench_page_size(), each = page > 16384 ? page : 16384;

	return (long)(2 * each * run->threads * (run->processes - 1) / 1024);
}

static int setup(struct bench_run *run)
{
	size_t nr = bytes_all(run) / bytes_each(run);
	struct arrays *arrays = malloc(sizeof(*arrays) + nr * sizeof(int));
	long kib = (long)(bytes_all(run) / 1024);

	run->state = arrays;
	if (!arrays)
		return bench_fail(run, "out of memory");
	arrays->nr = nr / run->threads;
	arrays->attr = (union bpf_attr){.map_type = BPF_MAP_TYPE_ARRAY,
					.key_size = 4,
					.value_size = (unsigned int)bench_page_size(),
					.max_entries = (unsigned int)run->value[PAGES]};
	run->promise = (struct bench_promise){
		.per_count = (double)nr * run->processes,
		.bytes = (double)bytes_all(run) * run->processes,
		.charged = (double)bytes_all(run),
		/* Stacks of tasks that end meanwhile are such memory as well. */
		.moves = {{VMALLOC_USED, kib - kib / 8 - stacks(run), LONG_MAX}},
	};
	return 0;
}

/* Nothing of the op before is left. */
static int arm(struct bench_run *run)
{
	struct arrays *arrays = run->state;

	memset(arrays->fd, -1, arrays->nr * run->threads * sizeof(int));
	return bench_wait_back(run, VMALLOC_USED, (long)(bytes_all(run) / 1024 / 16) + stacks(run));
}

/* Timed: the calls. */
static void op(struct bench_run *run, unsigned int worker)
{
	struct arrays *arrays = run->state;
	int *fd = arrays->fd + worker * arrays->nr;
	size_t i;

	for (i = 0; i < arrays->nr; i++)
		fd[i] = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &arrays->attr, sizeof(arrays->attr));
}

static int disarm(struct bench_run *run)
{
	const struct arrays *arrays = run->state;
	size_t nr = arrays->nr * run->threads, i, refused = 0;

	for (i = 0; i < nr; i++)
		refused += arrays->fd[i] < 0 || close(arrays->fd[i]);
	return refused ? bench_fail(run, "%zu of %zu BPF arrays were refused", refused, nr) : 0;
}

const struct bench bench_vmalloc = {
	.name = "vmalloc",
	.path = "__vmalloc_node_range: memory that is contiguous for the kernel alone",
	.variants = variants,
	.params = params,
	.tacit = THREADS,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
