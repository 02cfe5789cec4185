/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that carries out one point without the harness: `faultbench emit-c --full` prints one
 * file of a family, the services that it calls, the point as a constant, point.c, and of solo.c and
 * crew.c, and of main.c and main_exec.c, the one that fits. All ends up in one file, so names must
 * differ from those of every family.
 */
#ifndef BENCH_STANDALONE_STANDALONE_H
#define BENCH_STANDALONE_STANDALONE_H

#include <stdint.h>

#include "bench/bench.h"

struct standalone_point {
	const char *name; /* as a user writes it */
	const struct bench *bench;
	unsigned int variant; /* index in bench->variants */
	long value[BENCH_MAX_PARAMS];
	unsigned int threads, processes;
	int warmup, iterations;
	const char *needs; /* of the machine, in words; "": nothing special */
};

extern const struct standalone_point standalone_point;

/* What came of it so far; zeroes: nothing. */
struct standalone_results {
	double workers_ns;	     /* the times of all workers */
	long faults_min, faults_max; /* beyond those promised, in an iteration */
	double ops[BENCH_MAX_PARAMS], busy_ns[BENCH_MAX_PARAMS]; /* repeat: by role */
	uint64_t ns[];						 /* of each iteration */
};

extern struct standalone_results *standalone_results;

/* Bytes of them. */
size_t standalone_results_size(void);

/* What executing the program took, where that is part of the first op; else 0. */
extern uint64_t standalone_exec_ns;

/* The iterations that this process carries out, those of the warm-up first; not the last of these.
 */
extern int standalone_from, standalone_to;

/* Once a process: carries these out (standalone_measure()) and, with the last, prints results. */
void standalone_carry_out(struct standalone_results *results, int from, int to);

/* Carries out its iterations (solo.c, crew.c). */
void standalone_measure(struct bench_run *run);

/*
 * Pins the caller to a CPU of its own of those that the program was started on, if there is one for
 * each worker; processes that it makes stay there too.
 */
void standalone_pin(unsigned int worker);

/* Once a process. Ends the program if that is not possible; so does what follows. */
void standalone_setup(struct bench_run *run);

/* Before an op, by one worker of the process: arm. */
void standalone_prepare(struct bench_run *run);

/* After it: checks that `ops` calls of op kept what is promised, then disarm. */
void standalone_conclude(struct bench_run *run, int iteration, long faults, long ops);

/* One iteration's time, and the times of its workers summed; ns. Ignored in warm-up. */
void standalone_sample(int iteration, uint64_t ns, uint64_t workers_ns);

/* Bytes that the control groups of this program, and those above them, leave it (group.c). */
long standalone_memory_room(void);

/* In how many periods so far a CPU quota of any of these has held who is in it. */
long standalone_periods_held(void);

/* CLOCK_MONOTONIC, ns. */
uint64_t standalone_now(void);

#endif
