/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The numbers that a promise says an op moves (struct bench_move).
 */
#ifndef BENCH_SERVICES_MOVES_H
#define BENCH_SERVICES_MOVES_H

#include <stdatomic.h>

#include "bench/bench.h"

/* Faults that area_watch() has resolved in this process: "userfaults". */
extern atomic_long moves_userfaults;

/*
 * The sum of the lines "NAME VALUE" or "NAME: VALUE" in a file; LONG_MIN if there is none. A last *
 * stands for any rest.
 */
long moves_in_file(const char *path, const char *name);

/* The present value of what; LONG_MIN if this kernel does not count it. */
long moves_now(const char *what, int order);

/*
 * By how much that has moved from `before`, after an op. khugepaged counts when what it has done is
 * there to be seen already: if it has not yet run again, it is waited for, a second at most.
 */
long moves_since(const struct bench_move *move, int order, long before);

/* "at least 5", "5", "at most 5", "5 to 7" or "recorded". */
void moves_wanted(const struct bench_move *move, char text[64]);

#endif
