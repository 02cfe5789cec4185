/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child that has a task to do when it is told to, which may be what is timed: it does nothing
 * then for the first time, and proves what it did by its page faults.
 */
#ifndef BENCH_PARTS_ERRAND_H
#define BENCH_PARTS_ERRAND_H

#include <stdbool.h>
#include <sys/resource.h>

#include "bench/parts/child.h"

struct errand {
	struct child child;
	int done[2];	/* it writes there when its task is done */
	char word;	/* what it is to do, enum errand_word */
	bool lost;	/* it has died while it was to do something */
	long faults;	/* its answer: page faults when it last was to count them */
	long rehearsed; /* these, when the rehearsal was over */
};

enum errand_word {
	ERRAND_DO,	 /* its task */
	ERRAND_REHEARSE, /* likewise, but that is to change nothing; word tells it which */
	ERRAND_COUNT,	 /* its page faults so far */
};

/* Page faults of this process so far. */
static inline long errand_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/* What it does after fork(): its task, each time there is a word for it. */
static inline void errand_live(struct bench_run *run, struct errand *errand,
			       void (*task)(struct bench_run *run))
{
	ssize_t got;

	close(errand->child.leash[1]);
	while ((got = read(errand->child.leash[0], &errand->word, 1)) != 0) {
		if (got < 0)
			continue;
		if (errand->word == ERRAND_COUNT)
			errand->faults = errand_faults();
		else
			task(run);
		if (write(errand->done[1], &errand->faults, sizeof(long)) != sizeof(long))
			break;
	}
	_exit(0);
}

/* For arm, after child_setup(). 0 or -1. */
static inline int errand_start(struct bench_run *run, struct errand *errand,
			       void (*task)(struct bench_run *run))
{
	if (pipe(errand->done))
		return bench_fail(run, "pipe: %s", strerror(errno));
	errand->lost = false;
	errand->child.pid = fork();
	if (errand->child.pid == 0)
		errand_live(run, errand, task);
	close(errand->done[1]);
	return errand->child.pid < 0 ? bench_fail(run, "fork: %s", strerror(errno)) : 0;
}

/* Has the child do that, and waits for it, or for its end: then it is lost. */
static inline void errand_ask(struct errand *errand, enum errand_word what)
{
	char word = (char)what;

	if (write(errand->child.leash[1], &word, 1) != 1 ||
	    read(errand->done[0], &errand->faults, sizeof(long)) != sizeof(long))
		errand->lost = true;
}

/*
 * For arm. When its task is timed, the child has been scheduled before, has copied what it writes
 * of its stack and data, and has mapped the code. 0 or -1.
 */
static inline int errand_rehearse(struct bench_run *run, struct errand *errand)
{
	errand_ask(errand, ERRAND_COUNT);
	errand_ask(errand, ERRAND_REHEARSE);
	errand_ask(errand, ERRAND_COUNT);
	errand->rehearsed = errand->faults;
	return errand->lost ? bench_fail(run, "the child died before the op") : 0;
}

/*
 * For disarm, before child_end(), and nothing is asked of it after that: that it lives, and took so
 * many page faults since it rehearsed. 0 or -1.
 */
static inline int errand_took(struct bench_run *run, struct errand *errand, long least, long most)
{
	long faults;

	errand_ask(errand, ERRAND_COUNT);
	faults = errand->faults - errand->rehearsed;
	close(errand->done[0]);
	if (errand->lost)
		return bench_fail(run, "the child died in the op");
	if (faults < least || faults > most)
		return bench_fail(
			run, "the child took %ld page faults in an op that promises %ld to %ld",
			faults, least, most);
	return 0;
}

#endif
