// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that are created at once, more than there are stacks that each CPU keeps of those that
 * ended (two): the kernel's stack of each is memory of vmalloc(), with a guard page behind it. That
 * is about a quarter of what creating one takes. They wait until they are let go, and end; their
 * stacks are freed later, when no CPU can be on them, by a worker of the kernel. Neither is timed.
 */
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/bench.h"

#define USER_STACK 2048 /* bytes: all that such a thread does is to wait */

enum {
	TASKS
};

/* Of the threads of a run, at least: 16 KiB each, or a page. */
static long stacks_kib(const struct bench_run *run)
{
	long page = (long)bench_page_size() / 1024;

	return run->value[TASKS] * (page > 16 ? page : 16);
}

static const struct bench_param params[] = {
	[TASKS] = {"tasks", BENCH_COUNT, "256", NULL, 16, 16384, "threads created at once"},
	{0},
};

static const struct bench_variant variants[] = {
	{"clone", "creates so many threads, which wait", "thread", NULL, 0},
	{0},
};

struct crowd {
	size_t nr, refused;
	atomic_int go;
	atomic_int tid[]; /* of each; the kernel makes it 0 when the thread ends */
};

static size_t memory(const struct bench_run *run)
{
	return (size_t)run->value[TASKS] * USER_STACK + (size_t)stacks_kib(run) * 1024;
}

static int setup(struct bench_run *run)
{
	size_t nr = (size_t)run->value[TASKS];
	struct crowd *crowd = calloc(1, sizeof(*crowd) + nr * sizeof(crowd->tid[0]));
	/* The rest, at most, is of stacks that CPUs kept, or is not added up yet (7.1, vmstat). */
	long least = stacks_kib(run) / 2 - BENCH_STAT_BATCH * (long)bench_page_size() / 1024;

	run->state = crowd;
	if (!crowd)
		return bench_fail(run, "out of memory");
	crowd->nr = nr;
	/* Where it is found at its first call, which takes more stack than threads have. */
	syscall(SYS_futex, &crowd->go, FUTEX_WAKE, 0, NULL, NULL, 0);
	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = AREA_POPULATED,
		.per_count = (double)nr,
		.charged = (double)stacks_kib(run) * 1024,
		.moves = {{"status:Threads", (long)nr, (long)nr},
			  {VMALLOC_USED, least > 0 ? least : LONG_MIN, LONG_MAX}},
	};
	return area_map(run, nr * USER_STACK, 0) ? -1 : area_populate(run, &run->areas[0]);
}

/* Threads that ended, and their stacks, are gone. */
static int arm(struct bench_run *run)
{
	struct crowd *crowd = run->state;

	crowd->refused = 0;
	atomic_store(&crowd->go, 0);
	return bench_wait_back(run, "status:Threads", 0) ||
	       bench_wait_back(run, VMALLOC_USED, stacks_kib(run) / 8);
}

/* Waits as long as a number is that. Futexes that the kernel wakes by itself are not private. */
static void wait_while(atomic_int *number, int is)
{
	while (atomic_load(number) == is)
		syscall(SYS_futex, number, FUTEX_WAIT, is, NULL, NULL, 0);
}

static int live(void *arg)
{
	struct crowd *crowd = arg;

	wait_while(&crowd->go, 0);
	return 0;
}

/* Timed: creating them. No signal is for them: what a handler does is the worker's. */
static void op(struct bench_run *run, unsigned int worker)
{
	const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			  CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
	char *stack = run->areas[0].start;
	struct crowd *crowd = run->state;
	sigset_t all, before;
	size_t i;

	(void)worker;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	for (i = 0; i < crowd->nr; i++)
		crowd->refused += clone(live, stack + (i + 1) * USER_STACK, flags, crowd,
					&crowd->tid[i], NULL, &crowd->tid[i]) < 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static int disarm(struct bench_run *run)
{
	struct crowd *crowd = run->state;
	size_t i;
	int tid;

	atomic_store(&crowd->go, 1);
	syscall(SYS_futex, &crowd->go, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
	for (i = 0; i < crowd->nr; i++)
		while ((tid = atomic_load(&crowd->tid[i])))
			wait_while(&crowd->tid[i], tid);
	return crowd->refused ? bench_fail(run, "%zu of %zu threads were refused (ulimit -u)",
					   crowd->refused, crowd->nr)
			      : 0;
}

const struct bench bench_thread_stacks = {
	.name = "thread-stacks",
	.path = "copy_process with __vmalloc_node_range: stacks of threads in the kernel",
	.variants = variants,
	.params = params,
	.needs = NEED_VMAP_STACK | NEED_TASKS,
	.memory = memory,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
