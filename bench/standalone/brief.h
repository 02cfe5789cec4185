/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A brief program: what `faultbench emit-c` prints of some families. Its driver is brief.c, where
 * one worker carries the point out, or brief_crew.c. All of the point is known when it is put
 * together (cli/emit/brief.h), and these are:
 *
 *   BRIEF_POINT                     as its user writes it
 *   BRIEF_SIZE                      bytes
 *   BRIEF_WARMUP, BRIEF_ITERATIONS  ops
 *   BRIEF_THREADS, BRIEF_PROCESSES  of each process; BRIEF_WORKERS: all of them
 *   BRIEF_FORKS                     whether it has a child
 *   BRIEF_CANNOT                    "cannot run here: ", with what it needs of a machine
 *   BRIEF_MOVES                     whether what an op does is told by the first move it promises,
 * of /proc/vmstat, and not by its faults
 */
#ifndef BENCH_STANDALONE_BRIEF_H
#define BENCH_STANDALONE_BRIEF_H

#include "bench/bench.h"

#define bench_note(run, ...) ((void)(run))

extern struct bench_run brief_run;

/* What is timed. Called by this, so that it is a function of its own, as in the worker. */
extern void (*volatile brief_op)(struct bench_run *run, unsigned int worker);

#endif
