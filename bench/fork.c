// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fork() of a process with populated memory. Only the parent's time inside fork() is timed. The
 * child does nothing but wait to be killed; the harness's scheduling keeps it off the CPU of the
 * parent until the clock has stopped.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

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

struct fork_state {
	pid_t child;
	int leash[2]; /* the child reads it: it ends when the parent does, however that ends */
};

static int setup(struct bench_run *run)
{
	struct fork_state *state = calloc(1, sizeof(*state));

	run->state = state;
	if (!state || pipe(state->leash))
		return bench_fail(run, "pipe: %s", strerror(errno));
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

static void child_wait(const struct fork_state *state)
{
	char byte;

	close(state->leash[1]);
	while (read(state->leash[0], &byte, 1) < 0)
		;
	_exit(0);
}

/* Timed: fork() as the parent sees it, page tables copied. */
static void op(struct bench_run *run, unsigned int worker)
{
	struct fork_state *state = run->state;

	(void)worker;
	state->child = fork();
	if (state->child == 0)
		child_wait(state);
}

static int disarm(struct bench_run *run)
{
	struct fork_state *state = run->state;

	if (state->child < 0)
		return bench_fail(run, "fork() failed");
	kill(state->child, SIGKILL);
	if (waitpid(state->child, NULL, 0) != state->child)
		return bench_fail(run, "waitpid: %s", strerror(errno));
	return 0;
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
