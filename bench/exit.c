// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The end of an address space: a child with populated memory of its own exits, or executes another
 * program. Timed from the word to do so until the child is reaped, or until exec has closed the
 * pipe that was to be closed, which it does when the old memory is gone, and the child, which
 * nothing preempts, has left the CPU. It is traced, so that this is where the kernel has mapped the
 * new program: nothing of that is executed, its dynamic linker least of all. Two switches between
 * the processes are in it, and opening and mapping the program.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/parts/errand.h"

enum {
	SIZE,
	ORDER,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("1G"),
	[ORDER] = BENCH_PARAM_ORDER,
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

static const struct bench_variant variants[] = {
	{"exit", "a child that has the memory exits and is reaped", "exit", NULL, 0},
	{"exec", "a child that has the memory executes this program again", "exec", NULL, 0},
	{0},
};

/* The child of one worker. */
struct leaver {
	struct errand errand;
	int status;    /* of the child, as waitpid() has it */
	ssize_t said;  /* exec: bytes from the pipe; 0, for it was closed */
	int closed[2]; /* exec: the child's end closes with exec */
} __attribute__((aligned(128)));

struct exit_state {
	struct leaver *last; /* in a child: itself */
	struct leaver of[];
};

static bool is_exec(const struct bench_run *run)
{
	return run->variant == &variants[1];
}

static size_t share(const struct bench_run *run)
{
	return bench_share(run, bench_folio_size((int)run->value[ORDER]));
}

static int setup(struct bench_run *run)
{
	size_t size = sizeof(struct exit_state) + run->threads * sizeof(struct leaver);
	struct exit_state *state = aligned_alloc(128, size + -size % 128);
	long folio = (long)(bench_folio_size((int)run->value[ORDER]) / bench_page_size());
	long pages = (long)(share(run) / bench_page_size());
	unsigned int w;

	if (!state)
		return bench_fail(run, "out of memory");
	memset(state, 0, size);
	run->state = state;
	for (w = 0; w < run->threads; w++)
		if (child_setup(run, &state->of[w].errand.child))
			return -1;
	run->promise = (struct bench_promise){
		/* Of each worker: stack and data of the process, shared with children. */
		.faults_slack = 16L * run->threads,
		.children = is_exec(run),
		.turns = 1,
		.charged = -(double)(share(run) * run->threads),
		.per_count = (double)run->threads * run->processes,
		.moves = {{"vmstat:pgfree", run->threads * (pages - BENCH_LRU_BATCH * folio),
			   LONG_MAX}},
	};
	return 0;
}

/* A child that held the leashes of others would keep them alive, and they it. */
static void drop_leashes(const struct bench_run *run)
{
	struct exit_state *state = run->state;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (&state->of[w] != state->last)
			close(state->of[w].errand.child.leash[1]);
}

/* The first task makes the memory, the second gives it up. */
static void child_task(struct bench_run *run, enum errand_word word)
{
	struct exit_state *state = run->state;
	static char *const argv[] = {"faultbench-run", "--run", NULL};

	(void)word;
	if (!run->nr_areas) {
		drop_leashes(run);
		if (area_map(run, share(run), (int)run->value[ORDER]) ||
		    area_populate(run, &run->areas[0]) ||
		    (is_exec(run) && ptrace(PTRACE_TRACEME, 0, NULL, NULL)))
			_exit(1);
		return;
	}
	if (!is_exec(run))
		_exit(0);
	/* Should who traces it die, the program goes on, and ends with the leash: its input. */
	dup2(state->last->errand.child.leash[0], STDIN_FILENO);
	execv("/proc/self/exe", argv);
	(void)!write(state->last->closed[1], "", 1);
}

static int start_leaver(struct bench_run *run, struct leaver *leaver)
{
	if (pipe2(leaver->closed, O_CLOEXEC))
		return bench_fail(run, "pipe: %m");
	if (errand_start(run, &leaver->errand, child_task))
		return -1;
	close(leaver->closed[1]);
	errand_ask(&leaver->errand, ERRAND_DO);
	if (leaver->errand.faults < 0)
		return bench_fail(run, "the child could not have its memory%s",
				  is_exec(run) ? ", or not be traced" : "");
	close(leaver->errand.done[0]);
	return 0;
}

static int arm(struct bench_run *run)
{
	struct exit_state *state = run->state;
	unsigned int w;

	for (w = 0; w < run->threads; w++) {
		state->last = &state->of[w];
		if (start_leaver(run, state->last))
			return -1;
	}
	return 0;
}

/* Timed: the word, the end of the child's memory, and the answer. */
static void op(struct bench_run *run, unsigned int worker)
{
	struct exit_state *state = run->state;
	struct leaver *leaver = &state->of[worker];
	char byte;

	(void)!write(leaver->errand.child.leash[1], &leaver->errand.word, 1);
	if (is_exec(run))
		leaver->said = read(leaver->closed[0], &byte, 1);
	else
		waitpid(leaver->errand.child.pid, &leaver->status, 0);
}

static int end_leaver(struct bench_run *run, struct leaver *leaver)
{
	struct child *child = &leaver->errand.child;

	close(leaver->closed[0]);
	if (is_exec(run) && waitpid(child->pid, &leaver->status, 0) != child->pid)
		return bench_fail(run, "waitpid: %m");
	if (is_exec(run) ? !WIFSTOPPED(leaver->status) : leaver->status)
		return bench_fail(run, "the child died");
	if (!is_exec(run))
		return 0;
	if (child_end(run, child))
		return -1;
	/* Traced, it stops before the first instruction of what it has executed. */
	return leaver->said || WSTOPSIG(leaver->status) != SIGTRAP
		       ? bench_fail(run, "execv: it did not")
		       : 0;
}

static int disarm(struct bench_run *run)
{
	struct exit_state *state = run->state;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (end_leaver(run, &state->of[w]))
			return -1;
	return 0;
}

const struct bench bench_exit = {
	.name = "exit",
	.path = "exit_mmap: the end of a process, or of its old self in exec",
	.variants = variants,
	.params = params,
	.tacit = THREADS,
	.needs = NEED_CHILD,
	.refuse = bench_refuse_share,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
