/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A brief program: what `faultbench emit-c` prints of some families where one worker carries a
 * point out. All of the point is known when it is put together (cli/emit/brief.h), and these are:
 *
 *   BRIEF_POINT                     as its user writes it
 *   BRIEF_SIZE                      bytes
 *   BRIEF_WARMUP, BRIEF_ITERATIONS  ops
 *   BRIEF_FORKS                     whether it has a child
 *   BRIEF_CANNOT                    "cannot run here: ", with what it needs of a machine
 *   BRIEF_MOVES                     whether what an op does is told by the first move it promises,
 * of /proc/vmstat, and not by its faults
 */
#ifndef BENCH_STANDALONE_BRIEF_H
#define BENCH_STANDALONE_BRIEF_H

#include <err.h>

#include "bench/bench.h"

/* Ends the program. */
#define bench_fail(run, ...) ((void)(run), errx(77, "cannot run here: " __VA_ARGS__))

#define bench_note(run, ...) ((void)(run))

extern struct bench_run brief_run;

/* What is timed. Called by this, so that it is a function of its own, as in the worker. */
extern void (*volatile brief_op)(struct bench_run *run, unsigned int worker);

#endif
