/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child that has a task to do when it is told to, which may be what is timed: it does nothing
 * then for the first time, and proves what it did by its page faults.
 */
#ifndef BENCH_PARTS_ERRAND_H
#define BENCH_PARTS_ERRAND_H

#include "bench/parts/child.h"

struct errand {
	struct child child;
	int done[2];	/* it writes there when its task is done */
	char word;	/* what it is to do, enum errand_word */
	long faults;	/* its answer: page faults when it last rehearsed; -1: it died */
	long rehearsed; /* these, when the rehearsal was over */
};

enum errand_word {
	ERRAND_DO,	 /* its task */
	ERRAND_REHEARSE, /* likewise, but that is to change nothing */
};

/*
 * What it does after fork(): its task, each time there is a word for it. Who waits for the answer
 * is there, or writing it ends the child.
 */
static inline void errand_live(struct bench_run *run, struct errand *errand,
			       void (*task)(struct bench_run *run, enum errand_word word))
{
	close(errand->child.leash[1]);
	while (read(errand->child.leash[0], &errand->word, 1) == 1) {
		task(run, errand->word);
		if (errand->word == ERRAND_REHEARSE)
			errand->faults = bench_faults();
		(void)!write(errand->done[1], &errand->faults, sizeof(long));
	}
	_exit(0);
}

/* For arm, after child_setup(). 0 or -1. */
static inline int errand_start(struct bench_run *run, struct errand *errand,
			       void (*task)(struct bench_run *run, enum errand_word word))
{
	if (pipe(errand->done))
		return bench_fail(run, "pipe: %m");
	errand->child.pid = fork();
	if (errand->child.pid == 0)
		errand_live(run, errand, task);
	close(errand->done[1]);
	return errand->child.pid < 0 ? bench_fail(run, "fork: %m") : 0;
}

/* Has the child do that, and waits for it, or for its end. */
static inline void errand_ask(struct errand *errand, enum errand_word what)
{
	char word = (char)what;

	if (write(errand->child.leash[1], &word, 1) != 1 ||
	    read(errand->done[0], &errand->faults, sizeof(long)) != sizeof(long))
		errand->faults = -1;
}

/*
 * For arm. When its task is timed, the child has been scheduled before, has copied what it writes
 * of its stack and data, and has mapped the code: that is so once it has rehearsed, and what the
 * second rehearsal counts is all of that. 0 or -1.
 */
static inline int errand_rehearse(struct bench_run *run, struct errand *errand)
{
	errand_ask(errand, ERRAND_REHEARSE);
	errand_ask(errand, ERRAND_REHEARSE);
	errand->rehearsed = errand->faults;
	return errand->faults < 0 ? bench_fail(run, "the child died before the op") : 0;
}

/*
 * For disarm: ends and reaps it, which lived until now, and took so many page faults since it
 * rehearsed. 0 or -1.
 */
static inline int errand_end(struct bench_run *run, struct errand *errand, long least, long most)
{
	long faults;

	errand_ask(errand, ERRAND_REHEARSE);
	close(errand->done[0]);
	if (child_end(run, &errand->child))
		return -1;
	faults = errand->faults - errand->rehearsed;
	return faults < least || faults > most
		       ? bench_fail(
				 run,
				 "the child took %ld page faults in an op that promises %ld to %ld",
				 faults, least, most)
		       : 0;
}

#endif
