/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child that holds on to the memory it was given by fork(), and may have one task to do when it
 * is told to. It counts its page faults when it is asked to.
 */
#ifndef BENCH_PARTS_CHILD_H
#define BENCH_PARTS_CHILD_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

struct child {
	pid_t pid;
	int leash[2];	/* it reads this: it ends when its parent does, however that ends */
	int done[2];	/* it writes there when its task is done; 0: it has none */
	char byte;	/* what it is to do, enum child_word */
	bool lost;	/* it has died while it was to do something */
	long faults;	/* its answer: page faults when it last was to count them */
	long rehearsed; /* these, when the rehearsal was over */
};

enum child_word {
	CHILD_DO,	/* its task */
	CHILD_REHEARSE, /* likewise, but that is to change nothing; byte tells it which */
	CHILD_COUNT,	/* its page faults so far */
};

/* Once a run. 0 or -1. */
static inline int child_setup(struct bench_run *run, struct child *child)
{
	return pipe(child->leash) ? bench_fail(run, "pipe: %s", strerror(errno)) : 0;
}

/* Page faults of this process so far. */
static inline long child_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
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
		if (child->byte == CHILD_COUNT)
			child->faults = child_faults();
		else
			task(run);
		if (write(child->done[1], &child->faults, sizeof(long)) != sizeof(long))
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
	child->lost = false;
	child->pid = fork();
	if (child->pid == 0)
		child_live(run, child, task);
	if (task)
		close(child->done[1]);
	return child->pid < 0 ? bench_fail(run, "fork: %s", strerror(errno)) : 0;
}

/* Ends and reaps it, which lived until now. 0 or -1. */
static inline int child_end(struct bench_run *run, struct child *child)
{
	int status;

	if (child->done[0])
		close(child->done[0]);
	child->done[0] = 0;
	if (child->pid < 0)
		return bench_fail(run, "fork() failed");
	kill(child->pid, SIGKILL);
	if (waitpid(child->pid, &status, 0) != child->pid)
		return bench_fail(run, "waitpid: %s", strerror(errno));
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		return bench_fail(run, "the child died in the op");
	return 0;
}

#endif
