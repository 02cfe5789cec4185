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
	PAGES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("16M"),
	[PAGES] = {"pages", BENCH_COUNT, "256", NULL, 16, 1 << 16, "pages of one allocation"},
	{0},
};

static const struct bench_variant variants[] = {
	{"bpf-array", "makes BPF arrays of so many pages each, until there is size of them", "call",
	 NULL, NEED_BPF},
	{0},
};

struct arrays {
	union bpf_attr attr;
	size_t nr;
	int fd[];
};

static size_t number(const struct bench_run *run)
{
	return (size_t)run->value[SIZE] / bench_page_size() / (size_t)run->value[PAGES];
}

static const char *refuse(const struct bench_run *run)
{
	size_t nr = number(run);

	if (!nr || (size_t)run->value[SIZE] % (bench_page_size() * (size_t)run->value[PAGES]))
		return "size is not a whole number of allocations of so many pages";
	return nr > 512 ? "size is more than 512 allocations, and a process has 1024 files" : NULL;
}

static int setup(struct bench_run *run)
{
	struct arrays *arrays = malloc(sizeof(*arrays) + number(run) * sizeof(int));
	long kib = run->value[SIZE] / 1024;

	run->state = arrays;
	if (!arrays)
		return bench_fail(run, "out of memory");
	arrays->nr = number(run);
	arrays->attr = (union bpf_attr){.map_type = BPF_MAP_TYPE_ARRAY,
					.key_size = 4,
					.value_size = (unsigned int)bench_page_size(),
					.max_entries = (unsigned int)run->value[PAGES]};
	run->promise = (struct bench_promise){
		.per_count = (double)arrays->nr,
		.bytes = (double)run->value[SIZE],
		.charged = (double)run->value[SIZE],
		/* Stacks of tasks that end meanwhile are such memory as well. */
		.moves = {{VMALLOC_USED, kib - kib / 8, LONG_MAX}},
	};
	return 0;
}

/* Nothing of the op before is left. */
static int arm(struct bench_run *run)
{
	struct arrays *arrays = run->state;

	memset(arrays->fd, -1, arrays->nr * sizeof(int));
	return bench_wait_back(run, VMALLOC_USED, run->value[SIZE] / 1024 / 16);
}

/* Timed: the calls. */
static void op(struct bench_run *run, unsigned int worker)
{
	struct arrays *arrays = run->state;
	size_t i;

	(void)worker;
	for (i = 0; i < arrays->nr; i++)
		arrays->fd[i] =
			(int)syscall(SYS_bpf, BPF_MAP_CREATE, &arrays->attr, sizeof(arrays->attr));
}

static int disarm(struct bench_run *run)
{
	const struct arrays *arrays = run->state;
	size_t i, refused = 0;

	for (i = 0; i < arrays->nr; i++)
		refused += arrays->fd[i] < 0 || close(arrays->fd[i]);
	return refused ? bench_fail(run, "%zu of %zu BPF arrays were refused", refused, arrays->nr)
		       : 0;
}

const struct bench bench_vmalloc = {
	.name = "vmalloc",
	.path = "__vmalloc_node_range: memory that is contiguous for the kernel alone",
	.variants = variants,
	.params = params,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
