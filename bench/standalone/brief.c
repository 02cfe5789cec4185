// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The driver of a brief program: one worker, whose faults are checked. What the harness, and
 * point.c, look at beside is not there.
 */
#include <err.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench/services/moves.h"
#include "bench/services/pages.h"
#include "bench/services/run.h"
#include "bench/standalone/brief.h"

/* Ends the program. */
#define bench_fail(run, ...) ((void)(run), errx(77, "cannot run here: " __VA_ARGS__))

int main(void)
{
	long faults, moved, kib = 0;
	double ns[BRIEF_ITERATIONS], mean = 0, squares = 0;
	FILE *meminfo = fopen("/proc/meminfo", "re");
	struct bench_run *run = &brief_run;
	struct timespec start, end;
	int i;

	/* It would be populated until something is killed. */
	if (meminfo &&
	    fscanf(meminfo, "MemTotal: %*d kB MemFree: %*d kB MemAvailable: %ld", &kib) == 1 &&
	    kib < (long)(BRIEF_SIZE >> 9))
		bench_fail(run, "more than the memory available, %ld MiB", kib >> 10);
	/* A child that has just been made does not preempt its parent, whose time is taken. */
	if (BRIEF_FORKS)
		sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
	printf("%s\nsamples, ns:", BRIEF_POINT);
	run->bench->setup(run);
	for (i = -BRIEF_WARMUP; i < BRIEF_ITERATIONS; i++) {
		if (run->bench->arm)
			run->bench->arm(run);
		if (BRIEF_MOVES)
			moved = moves_in_file("/proc/vmstat", run->promise.moves[0].what + 7);
		faults = bench_faults();
		clock_gettime(CLOCK_MONOTONIC, &start);
		brief_op(run, 0);
		clock_gettime(CLOCK_MONOTONIC, &end);
		faults = bench_faults() - faults;
		if (faults < run->promise.faults ||
		    (i >= 0 && faults > run->promise.faults + run->promise.faults_slack))
			errx(i < 0 ? 77 : 1, "%s%ld page faults, where %ld are promised",
			     i < 0 ? "cannot run here: " : "FAIL: ", faults, run->promise.faults);
		if (BRIEF_MOVES)
			moved = moves_in_file("/proc/vmstat", run->promise.moves[0].what + 7) -
				moved;
		if (BRIEF_MOVES && moved < run->promise.moves[0].min)
			errx(i < 0 ? 77 : 1, "%s%ld %s, where %ld are promised",
			     i < 0 ? BRIEF_CANNOT : "FAIL: ", moved, run->promise.moves[0].what,
			     run->promise.moves[0].min);
		if (i < 0 && run->promise.before == AREA_EMPTY &&
		    run->promise.after == AREA_POPULATED && point_value(run, BENCH_ORDER, 0) &&
		    pages_in_core(run->areas[0].start, run->areas[0].len) <
			    run->areas[0].len / bench_page_size())
			bench_fail(run, "a touch gives smaller folios");
		if (i < 0 && !BRIEF_MOVES &&
		    (run->promise.after == AREA_UNMAPPED || run->promise.after == AREA_EMPTY) &&
		    pages_in_core(run->areas[0].start, run->areas[0].len))
			bench_fail(run, "the op leaves the memory where it is");
		if (run->bench->disarm)
			run->bench->disarm(run);
		if (i < 0)
			continue;
		ns[i] = (end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec);
		mean += ns[i] / BRIEF_ITERATIONS;
		printf(" %.0f", ns[i]);
	}
	for (i = 0; i < BRIEF_ITERATIONS; i++)
		squares += (ns[i] - mean) * (ns[i] - mean);
	printf("\nmean %.0f ns, stdev %.1f%% (n-1)\nok: each op took the %ld faults promised\n",
	       mean, BRIEF_ITERATIONS > 1 ? 100 * sqrt(squares / (BRIEF_ITERATIONS - 1)) / mean : 0,
	       run->promise.faults);
}
