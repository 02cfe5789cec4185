/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child that holds on to the memory it was given by fork(), and may have one task to do when it
 * is told to.
 */
#ifndef BENCH_CHILD_H
#define BENCH_CHILD_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

struct child {
	pid_t pid;
	int leash[2]; /* it reads this: it ends when its parent does, however that ends */
	int done[2];  /* it writes there when its task is done; 0: it has none */
	char byte;
};

/* Once a run. 0 or -1. */
static inline int child_setup(struct bench_run *run, struct child *child)
{
	return pipe(child->leash) ? bench_fail(run, "pipe: %s", strerror(errno)) : 0;
}

/* What the child does after fork(): its task, if it has one, each time there is a byte for it. */
static inline void child_live(struct bench_run *run, struct child *child,
			      void (*task)(struct bench_run *run))
{
	ssize_t got;

	close(child->leash[1]);
	while ((got = read(child->leash[0], &child->byte, 1)) != 0) {
		if (got < 0 || !task)
			continue;
		task(run);
		if (write(child->done[1], &child->byte, 1) != 1)
			break;
	}
	_exit(0);
}

/* For arm; a family that times fork() calls it itself. 0 or -1. */
static inline int child_start(struct bench_run *run, struct child *child,
			      void (*task)(struct bench_run *run))
{
	if (task && pipe(child->done))
		return bench_fail(run, "pipe: %s", strerror(errno));
	child->pid = fork();
	if (child->pid == 0)
		child_live(run, child, task);
	if (task)
		close(child->done[1]);
	return child->pid < 0 ? bench_fail(run, "fork: %s", strerror(errno)) : 0;
}

/* Has the task done, and waits for it, or for the child's end: then it is false. */
static inline bool child_do(struct child *child)
{
	return write(child->leash[1], &child->byte, 1) == 1 &&
	       read(child->done[0], &child->byte, 1) == 1;
}

/* Ends and reaps it. 0 or -1. */
static inline int child_end(struct bench_run *run, struct child *child)
{
	if (child->done[0])
		close(child->done[0]);
	child->done[0] = 0;
	if (child->pid < 0)
		return bench_fail(run, "fork() failed");
	kill(child->pid, SIGKILL);
	if (waitpid(child->pid, NULL, 0) != child->pid)
		return bench_fail(run, "waitpid: %s", strerror(errno));
	return 0;
}

#endif
