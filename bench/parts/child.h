/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child that holds on to the memory it was given by fork(), and does nothing.
 */
#ifndef BENCH_PARTS_CHILD_H
#define BENCH_PARTS_CHILD_H

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

struct child {
	pid_t pid;
	int leash[2]; /* it reads this: it ends when its parent does, however that ends */
};

/* Once a run. 0 or -1. */
static inline int child_setup(struct bench_run *run, struct child *child)
{
	return pipe(child->leash) ? bench_fail(run, "pipe: %m") : 0;
}

/* What it does after fork(). */
static inline void child_live(const struct child *child)
{
	char byte;

	close(child->leash[1]);
	while (read(child->leash[0], &byte, 1) != 0)
		;
	_exit(0);
}

/* For arm; a family that times fork() calls it itself. 0 or -1. */
static inline int child_start(struct bench_run *run, struct child *child)
{
	child->pid = fork();
	if (child->pid == 0)
		child_live(child);
	return child->pid < 0 ? bench_fail(run, "fork: %m") : 0;
}

/* Ends and reaps it, which lived until now. 0 or -1. */
static inline int child_end(struct bench_run *run, const struct child *child)
{
	int status = 0;

	if (kill(child->pid, SIGKILL) || waitpid(child->pid, &status, 0) < 0 ||
	    WTERMSIG(status) != SIGKILL)
		return bench_fail(run, "the child died in the op");
	return 0;
}

#endif
