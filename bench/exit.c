// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The end of an address space: a child with populated memory of its own exits, or executes another
 * program. Timed from the word to do so until the child is reaped, or until exec has closed the
 * pipe that was to be closed, which it does when the old memory is gone, and the child, which
 * nothing preempts, has left the CPU. It is traced, so that this is where the kernel has mapped the
 * new program: nothing of that is executed, its dynamic linker least of all. Two switches between
 * the processes are in it, and opening and mapping the program.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/parts/child_task.h"

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
	{"exit", "a child that has the memory exits and is reaped", "exit", NULL, 0},
	{"exec", "a child that has the memory executes this program again", "exec", NULL, 0},
	{0},
};

struct exit_state {
	struct child child;
	int status;    /* of the child, as waitpid() has it */
	ssize_t said;  /* exec: bytes from the pipe; 0, for it was closed */
	int closed[2]; /* exec: the child's end closes with exec */
};

static bool is_exec(const struct bench_run *run)
{
	return run->variant == &variants[1];
}

static int setup(struct bench_run *run)
{
	struct exit_state *state = calloc(1, sizeof(*state));
	long folio = (long)(bench_folio_size((int)run->value[ORDER]) / bench_page_size());
	long pages = run->value[SIZE] / (long)bench_page_size();

	run->state = state;
	if (!state || child_setup(run, &state->child))
		return bench_fail(run, "no child can be had");
	run->promise = (struct bench_promise){
		.faults_slack = 16, /* stack and data of the process, shared with the child */
		.children = is_exec(run),
		.per_count = 1,
		.moves = {{"vmstat:pgfree", pages - BENCH_LRU_BATCH * folio, LONG_MAX}},
	};
	return 0;
}

/* The first task makes the memory, the second gives it up. */
static void child_task(struct bench_run *run)
{
	struct exit_state *state = run->state;
	static char *const argv[] = {"faultbench-run", "--run", NULL};

	if (!run->nr_areas) {
		if (area_map(run, (size_t)run->value[SIZE], (int)run->value[ORDER]) ||
		    area_populate(run, &run->areas[0]) ||
		    (is_exec(run) && ptrace(PTRACE_TRACEME, 0, NULL, NULL)))
			_exit(1);
		return;
	}
	if (!is_exec(run))
		_exit(0);
	/* Should who traces it die, the program goes on, and ends with the leash: its input. */
	dup2(state->child.leash[0], STDIN_FILENO);
	execv("/proc/self/exe", argv);
	(void)!write(state->closed[1], "", 1);
}

static int arm(struct bench_run *run)
{
	struct exit_state *state = run->state;

	if (pipe2(state->closed, O_CLOEXEC))
		return bench_fail(run, "pipe: %s", strerror(errno));
	if (child_start(run, &state->child, child_task))
		return -1;
	close(state->closed[1]);
	child_ask(&state->child, CHILD_DO);
	if (state->child.lost)
		return bench_fail(run, "the child could not have its memory%s",
				  is_exec(run) ? ", or not be traced" : "");
	close(state->child.done[0]);
	state->child.done[0] = 0;
	return 0;
}

/* Timed: the word, the end of the child's memory, and the answer. */
static void op(struct bench_run *run, unsigned int worker)
{
	struct exit_state *state = run->state;
	char byte;

	(void)worker;
	(void)!write(state->child.leash[1], &state->child.byte, 1);
	if (is_exec(run))
		state->said = read(state->closed[0], &byte, 1);
	else
		waitpid(state->child.pid, &state->status, 0);
}

static int disarm(struct bench_run *run)
{
	struct exit_state *state = run->state;
	struct child *child = &state->child;

	close(state->closed[0]);
	if (is_exec(run) && waitpid(child->pid, &state->status, 0) != child->pid)
		return bench_fail(run, "waitpid: %s", strerror(errno));
	if (is_exec(run) ? !WIFSTOPPED(state->status) : state->status)
		return bench_fail(run, "the child died");
	if (!is_exec(run))
		return 0;
	if (child_end(run, child))
		return -1;
	/* Traced, it stops before the first instruction of what it has executed. */
	return state->said || WSTOPSIG(state->status) != SIGTRAP
		       ? bench_fail(run, "execv: it did not")
		       : 0;
}

const struct bench bench_exit = {
	.name = "exit",
	.path = "exit_mmap: the end of a process, or of its old self in exec",
	.variants = variants,
	.params = params,
	.needs = NEED_TASKS,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
