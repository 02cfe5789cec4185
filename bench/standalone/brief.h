/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A brief program: what `faultbench emit-c` prints where one worker carries a point out. Its point
 * is known when it is put together, and so what of a family and the services depends on that.
 *
 *   BRIEF_POINT                     as a user writes it
 *   BRIEF_KIB                       of memory that it takes, with a reserve
 *   BRIEF_WARMUP, BRIEF_ITERATIONS  ops
 */
#ifndef BENCH_STANDALONE_BRIEF_H
#define BENCH_STANDALONE_BRIEF_H

#include <err.h>

#include "bench/bench.h"

/* Ends the program. */
#define bench_fail(run, ...) ((void)(run), errx(77, "cannot run here: " __VA_ARGS__))

extern struct bench_run brief_run;

/* What is timed. Called by this, so that it is a function of its own, as in the worker. */
extern void (*volatile brief_op)(struct bench_run *run, unsigned int worker);

#endif
