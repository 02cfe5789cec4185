/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking a child for its task, which may be what is timed: it does nothing then for the first time,
 * and proves what it did by its page faults.
 */
#ifndef BENCH_PARTS_CHILD_TASK_H
#define BENCH_PARTS_CHILD_TASK_H

#include "bench/parts/child.h"

/* Has the child do that, and waits for it, or for its end: then it is lost. */
static inline void child_ask(struct child *child, enum child_word what)
{
	char word = (char)what;

	if (write(child->leash[1], &word, 1) != 1 ||
	    read(child->done[0], &child->faults, sizeof(long)) != sizeof(long))
		child->lost = true;
}

/*
 * For arm. When its task is timed, the child has been scheduled before, has copied what it writes
 * of its stack and data, and has mapped the code. 0 or -1.
 */
static inline int child_rehearse(struct bench_run *run, struct child *child)
{
	child_ask(child, CHILD_COUNT);
	child_ask(child, CHILD_REHEARSE);
	child_ask(child, CHILD_COUNT);
	child->rehearsed = child->faults;
	return child->lost ? bench_fail(run, "the child died before the op") : 0;
}

/* For disarm: that it lives, and took so many page faults since it rehearsed. 0 or -1. */
static inline int child_took(struct bench_run *run, struct child *child, long least, long most)
{
	long faults;

	child_ask(child, CHILD_COUNT);
	faults = child->faults - child->rehearsed;
	if (child->lost)
		return bench_fail(run, "the child died in the op");
	if (faults >= least && faults <= most)
		return 0;
	return bench_fail(run, "the child took %ld page faults in an op that promises %ld to %ld",
			  faults, least, most);
}

#endif
