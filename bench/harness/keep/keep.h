/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A worker that outlives the connection it was started over (common/keep.h): a keeper of it, which
 * is nobody's child, and for each connection a process that passes on what both say. While an
 * operation is timed all of them wait: the keeper is woken by what the worker sends, between runs.
 */
#ifndef BENCH_HARNESS_KEEP_KEEP_H
#define BENCH_HARNESS_KEEP_KEEP_H

/*
 * Leaves a keeper behind in the current folder, which is its own from now on and is removed in the
 * end, and talks to it as keep_attach() does. patience: seconds that it goes on without a
 * connection, as text. Returns an exit status.
 */
int keep_main(const char *patience);

/* Passes on what standard input says to the keeper of the current folder, and what that says to
 * standard output, until one of them ends. KEEP_GONE if there is none. */
int keep_attach(void);

#endif
