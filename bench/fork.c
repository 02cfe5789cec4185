// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fork() of a process with populated memory. Only the parent's time inside fork() is timed. The
 * child does nothing but wait to be killed; the harness's scheduling keeps it off the CPU of the
 * parent until the clock has stopped.
 */
#include <stdlib.h>

#include "bench/bench.h"
#include "bench/child.h"

enum {
	SIZE,
	ORDER
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("1G"),
	[ORDER] = BENCH_PARAM_ORDER,
	{0},
};

static const struct bench_variant variants[] = {
	{"fork", "forks once; the child is alive and blocked until the clock has stopped", "fork",
	 NULL, 0},
	{0},
};

static int setup(struct bench_run *run)
{
	run->state = calloc(1, sizeof(struct child));
	if (!run->state || child_setup(run, run->state))
		return bench_fail(run, "no child can be held");
	if (area_map(run, (size_t)run->value[SIZE], (int)run->value[ORDER]) ||
	    area_populate(run, &run->areas[0]))
		return -1;
	run->promise = (struct bench_promise){
		.faults_slack = 16, /* the parent's stack and data, copied on its first writes */
		.before = AREA_POPULATED,
		.after = AREA_POPULATED,
		.children = 1,
		.per_count = 1,
	};
	return 0;
}

/* Timed: fork() as the parent sees it, page tables copied. */
static void op(struct bench_run *run, unsigned int worker)
{
	struct child *child = run->state;

	(void)worker;
	child->pid = fork();
	if (child->pid == 0)
		child_live(run, child, NULL);
}

static int disarm(struct bench_run *run)
{
	return child_end(run, run->state);
}

const struct bench bench_fork = {
	.name = "fork",
	.path = "copy_page_range: fork() of populated anonymous memory",
	.variants = variants,
	.params = params,
	.setup = setup,
	.op = op,
	.disarm = disarm,
};
