/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The other processes that carry out a point, children of the first. That one of them has ended is
 * seen at once, and told from the end of children that a benchmark makes.
 */
#ifndef BENCH_SERVICES_SIBLINGS_H
#define BENCH_SERVICES_SIBLINGS_H

#include <signal.h>
#include <stdbool.h>

/*
 * Starts processes 1 .. nr - 1, each of which does work(arg, its number) and exits. died() is
 * called by a signal's handler, in the first process, when one has ended, however it did, and maybe
 * again; what is not fatal there it ignores. False if one cannot be made (errno).
 */
bool siblings_start(unsigned int nr, void (*work)(void *arg, unsigned int process), void *arg,
		    void (*died)(const siginfo_t *info));

/* Waits for their ends, which are no news any more. */
void siblings_wait(void);

/*
 * Puts off what would be told to the calling thread, for as long as it makes and reaps children of
 * its own in an op: the handler would be part of that. Does nothing but in the first of several
 * processes.
 */
void siblings_hold(bool hold);

#endif
