// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A process that is made and is gone again: forked to exit at once, or to execute a program that
 * does nothing (bench/parts/nothing.h). Timed is all of it, from the call that makes it until its
 * parent has reaped it: what the parent does, what the child does, and two switches between them.
 * The memory of the parent, which fork() copies the page tables of, is made before.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/parts/nothing.h"

enum {
	SIZE,
	ORDER,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("1M"),
	[ORDER] = BENCH_PARAM_ORDER,
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

/* One worker's child, the last one. */
struct made {
	pid_t pid;
	int status; /* as waitpid() has it */
} __attribute__((aligned(128)));

struct process_state {
	int program;
	char path[32]; /* of it */
	struct made of[];
};

static char *const nobody[] = {NULL};
static char *const words[] = {"nothing", NULL};

static void execute(const struct process_state *state)
{
	syscall(SYS_execveat, state->program, "", words, nobody, AT_EMPTY_PATH);
	_exit(127);
}

static pid_t fork_exit(const struct process_state *state)
{
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(NOTHING_STATUS);
	return pid;
}

static pid_t fork_exec(const struct process_state *state)
{
	pid_t pid = fork();

	if (pid == 0)
		execute(state);
	return pid;
}

static pid_t vfork_exec(const struct process_state *state)
{
	pid_t pid = vfork();

	if (pid == 0)
		execute(state);
	return pid;
}

static pid_t spawn(const struct process_state *state)
{
	pid_t pid;

	return posix_spawn(&pid, state->path, NULL, NULL, words, nobody) ? -1 : pid;
}

struct process_kind {
	pid_t (*make)(const struct process_state *state);
};

static const struct process_kind exit_kind = {fork_exit};
static const struct process_kind exec_kind = {fork_exec};
static const struct process_kind vfork_kind = {vfork_exec};
static const struct process_kind spawn_kind = {spawn};

static const struct bench_variant variants[] = {
	{"fork-exit", "forks a child that exits at once, and reaps it", "process", &exit_kind, 0},
	{"fork-exec", "forks a child that executes a program that does nothing, and reaps it",
	 "process", &exec_kind, NEED_PROGRAM},
	{"vfork-exec",
	 "makes a child by vfork() that executes a program that does nothing, and reaps it",
	 "process", &vfork_kind, NEED_PROGRAM},
	{"spawn",
	 "makes a child by posix_spawn() that executes a program that does nothing, and reaps it",
	 "process", &spawn_kind, NEED_PROGRAM},
	{0},
};

/* Of one process: threads fork all of it. */
static size_t share(const struct bench_run *run)
{
	size_t folio = bench_folio_size((int)run->value[ORDER]), bytes;

	bytes = (size_t)run->value[SIZE] / run->processes;
	return bytes - bytes % folio;
}

static const char *refuse(const struct bench_run *run)
{
	return share(run) || run->processes == 1 ? NULL
						 : "size is less than a folio for each process";
}

static int setup(struct bench_run *run)
{
	bool executes = run->variant->needs & NEED_PROGRAM;
	struct process_state *state =
		calloc(1, sizeof(*state) + run->threads * sizeof(state->of[0]));

	if (!state)
		return bench_fail(run, "out of memory");
	run->state = state;
	state->program = executes ? nothing_open() : -1;
	if (executes && state->program < 0)
		return bench_fail(run, "memfd_create: %m");
	snprintf(state->path, sizeof(state->path), "/proc/self/fd/%d", state->program);
	run->promise = (struct bench_promise){
		/* Of each worker: stack and data of the process, which a child shares. */
		.faults_slack = 16L * run->threads,
		.before = AREA_OWN,
		.after = AREA_OWN,
		.turns = 1,
		.per_count = (double)run->threads * run->processes,
	};
	if (area_map(run, share(run), (int)run->value[ORDER]))
		return -1;
	return area_populate(run, &run->areas[0]);
}

static int arm(struct bench_run *run)
{
	struct process_state *state = run->state;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		state->of[w] = (struct made){0};
	return 0;
}

/* Timed: the life of a process. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct process_kind *kind = run->kind;
	struct process_state *state = run->state;
	struct made *made = &state->of[worker];

	made->pid = kind->make(state);
	waitpid(made->pid, &made->status, 0);
}

/* The program was executed, or the child got as far as to exit. */
static int disarm(struct bench_run *run)
{
	struct process_state *state = run->state;
	const struct made *made;

	for (made = state->of; made < state->of + run->threads; made++) {
		if (made->pid < 0)
			return bench_fail(run, "%s: the process was refused", run->variant->name);
		if (!WIFEXITED(made->status) || WEXITSTATUS(made->status) != NOTHING_STATUS)
			return bench_fail(run, "%s: the process ended with status 0x%x",
					  run->variant->name, (unsigned int)made->status);
	}
	return 0;
}

const struct bench bench_process = {
	.name = "process",
	.path = "copy_process to release_task: a small process, made and gone",
	.variants = variants,
	.params = params,
	.needs = NEED_CHILD,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
