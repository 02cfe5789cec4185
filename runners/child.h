/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A boot whose worker, or what stands for it, is a child of this process: it has a process group of
 * its own, so that a ^C reaches us alone; we then close its input, and it cleans up.
 */
#ifndef RUNNERS_CHILD_H
#define RUNNERS_CHILD_H

#include <sys/types.h>

#include "runners/runner.h"

struct child {
	struct runner_boot boot; /* first */
	pid_t pid;
};

#define CHILD_SAID 111 /* exit status of a child that has said itself why there is no more */

/*
 * What the child does, with the channel as its standard input and output: becomes another program,
 * or ends with the exit status that a worker would have.
 */
typedef void child_fn(const struct runner_boot *boot);

/* Says that the worker was killed; machine is where, or NULL for here. */
void child_say_killed(const char *machine, int sig);

/* As struct runner's start(), of what is timed. */
struct runner_boot *child_start(const struct runner_boot *wanted, child_fn *fn);

/*
 * As struct runner's end(). A child that has not ended for that long after its input did is killed.
 */
enum runner_end child_end(struct runner_boot *boot, int cleanup_s);

#endif
