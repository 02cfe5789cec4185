// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The driver of a brief program of several workers: threads, of one or more processes. It checks
 * what brief.c does, of each process.
 */
#include <err.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/services/moves.h"
#include "bench/services/pages.h"
#include "bench/services/run.h"
#include "bench/standalone/brief.h"

/* Ends the program: who is first says why. */
#define brief_end(status, ...) (crew->ends++ ? (void)pause() : errx(status, __VA_ARGS__))

#define bench_fail(run, ...) ((void)(run), brief_end(77, "cannot run here: " __VA_ARGS__))

#define fail_if(so, ...) ((so) ? brief_end(77, "cannot run here: " __VA_ARGS__) : (void)0)

/* Of all processes: what is promised, and counted; when workers began and ended each op, ns. */
static struct crew {
	pthread_barrier_t meet;
	atomic_int ready, ends;
	long promised;
	double count;
	long start[BRIEF_ITERATIONS][BRIEF_WORKERS], end[BRIEF_ITERATIONS][BRIEF_WORKERS];
} * crew;

static atomic_long brief_faults; /* of this process */

/* A CPU of its own, if there are as many. */
static void brief_pin(unsigned int worker)
{
	cpu_set_t own;
	int cpu;

	sched_getaffinity(0, sizeof(own), &own);
	if (CPU_COUNT(&own) >= BRIEF_WORKERS) {
		for (cpu = 0; !CPU_ISSET(cpu, &own) || worker--; cpu++)
			;
		CPU_ZERO(&own);
		CPU_SET(cpu, &own);
		sched_setaffinity(0, sizeof(own), &own);
	}
}

/* What a process promised of the op that all of its workers have ended; i < 0: in warm-up. */
static void brief_check(struct bench_run *run, int i, long faults)
{
	const struct bench_area *area = run->areas;

	if (faults < run->promise.faults ||
	    (i >= 0 && faults > run->promise.faults + run->promise.faults_slack))
		brief_end(i < 0 ? 77 : 1, "%s%ld page faults, where %ld are promised",
			  i < 0 ? "cannot run here: " : "FAIL: ", faults, run->promise.faults);
	if (i < 0 && run->promise.before == AREA_EMPTY && run->promise.after == AREA_POPULATED &&
	    point_value(run, BENCH_ORDER, 0) &&
	    pages_in_core(area->start, area->len) < area->len / bench_page_size())
		bench_fail(run, "a touch gives smaller folios");
}

/* What vmstat counts so far. */
static long brief_count(const char *what)
{
	FILE *vmstat = fopen("/proc/vmstat", "re");
	char name[64] = "";
	long count = 0;

	while (vmstat && fscanf(vmstat, "%63s %ld", name, &count) == 2 && strcmp(name, what))
		;
	if (vmstat)
		fclose(vmstat);
	return strcmp(name, what) ? 0 : count;
}

/* What vmstat counts of all processes, which is checked by the first worker of all. */
static void brief_check_moves(struct bench_run *run, int i, long moved)
{
	if (moved < run->promise.moves[0].min * BRIEF_PROCESSES)
		brief_end(i < 0 ? 77 : 1, "%s%ld %s, where %ld are promised",
			  i < 0 ? BRIEF_CANNOT : "FAIL: ", moved, run->promise.moves[0].what,
			  run->promise.moves[0].min * BRIEF_PROCESSES);
}

/* A worker, by its number among those of all processes. */
static void brief_work(struct bench_run *run, unsigned int nr)
{
	unsigned int worker = nr % run->threads;
	struct timespec start, end;
	long faults, moved = 0;
	int i, turns;

	brief_pin(nr);
	for (i = -BRIEF_WARMUP; i < BRIEF_ITERATIONS; i++) {
		if (!worker && run->bench->arm)
			run->bench->arm(run);
		pthread_barrier_wait(&crew->meet);
		if (BRIEF_MOVES && !worker)
			moved = brief_count(run->promise.moves[0].what + strlen("vmstat:"));
		faults = bench_faults();
		/* All start together: who is early spins. */
		atomic_fetch_add(&crew->ready, 1);
		for (turns = 0; crew->ready % BRIEF_WORKERS; turns++)
			if (turns > 10000)
				sched_yield();
		/* Timed: op() of each worker. */
		clock_gettime(CLOCK_MONOTONIC, &start);
		brief_op(run, worker);
		clock_gettime(CLOCK_MONOTONIC, &end);
		if (run->threads > 1)
			brief_faults += bench_faults() - faults;
		else
			faults = bench_faults() - faults;
		if (i < 0 && run->promise.after == AREA_UNMAPPED &&
		    !msync(run->areas[worker].start, run->areas[worker].len, MS_ASYNC))
			bench_fail(run, "the op leaves the memory where it is");
		if (i < 0 && !BRIEF_MOVES && run->promise.after == AREA_EMPTY &&
		    pages_in_core(run->areas[worker].start, run->areas[worker].len))
			bench_fail(run, "the op leaves the memory where it is");
		crew->start[i < 0 ? 0 : i][nr] = start.tv_sec * 1000000000 + start.tv_nsec;
		crew->end[i < 0 ? 0 : i][nr] = end.tv_sec * 1000000000 + end.tv_nsec;
		pthread_barrier_wait(&crew->meet);
		if (worker)
			continue;
		if (run->threads > 1)
			faults = atomic_exchange(&brief_faults, 0);
		brief_check(run, i, faults);
		if (BRIEF_MOVES)
			brief_check_moves(
				run, i,
				brief_count(run->promise.moves[0].what + strlen("vmstat:")) -
					moved);
		if (run->bench->disarm)
			run->bench->disarm(run);
	}
}

static void *brief_thread(void *arg)
{
	struct bench_run *run = &brief_run;

	brief_work(run, (unsigned int)(uintptr_t)arg);
	return NULL;
}

/* A process, whose first worker is the caller: that one's number is nr. */
static void brief_process(struct bench_run *run, uintptr_t nr)
{
	pthread_t other;
	uintptr_t w;

	run->bench->setup(run);
	crew->promised = run->promise.faults;
	crew->count = run->promise.per_count;
	for (w = 1; w < run->threads; w++)
		if (pthread_create(&other, NULL, brief_thread, (void *)(nr + w)))
			bench_fail(run, "pthread_create: %m");
	if (run->threads > 1)
		brief_thread((void *)nr);
	else
		brief_work(run, (unsigned int)nr);
}

/* Processes, for which it waits. If one ends badly so do all, with this one, their parent. */
static void brief_processes(struct bench_run *run)
{
	pid_t pid, parent = getpid();
	uintptr_t nr;
	int status;

	for (nr = 0; nr < BRIEF_WORKERS; nr += run->threads) {
		pid = fork();
		if (pid < 0)
			bench_fail(run, "fork: %m");
		if (pid)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		brief_process(run, nr);
		_exit(0);
	}
	while (wait(&status) > 0)
		if (status)
			exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

int main(void)
{
	double ns[BRIEF_ITERATIONS], mean = 0, squares = 0, busy = 0;
	FILE *meminfo = fopen("/proc/meminfo", "re");
	struct bench_run *run = &brief_run;
	long kb = 0, from, to, i, w;
	pthread_barrierattr_t attr;

	crew = mmap(NULL, sizeof(*crew), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&crew->meet, &attr, BRIEF_WORKERS);
	/* It would be populated until something is killed. */
	if (meminfo &&
	    fscanf(meminfo, "MemTotal: %*d kB MemFree: %*d kB MemAvailable: %ld", &kb) == 1 &&
	    kb < (long)(BRIEF_SIZE >> 9))
		bench_fail(run, "more than the memory available, %ld MiB", kb >> 10);
	/* A child that has just been made does not preempt its parent, whose time is taken. */
	if (BRIEF_FORKS)
		sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
	if (run->processes > 1)
		brief_processes(run);
	else
		brief_process(run, 0);
	printf("%s\nsamples, ns:", BRIEF_POINT);
	for (i = 0; i < BRIEF_ITERATIONS; i++) {
		from = crew->start[i][0];
		to = crew->end[i][0];
		/* From the first worker's start to the last one's end. */
		for (w = 0; w < BRIEF_WORKERS; w++) {
			from = crew->start[i][w] < from ? crew->start[i][w] : from;
			to = crew->end[i][w] > to ? crew->end[i][w] : to;
			busy += crew->end[i][w] - crew->start[i][w];
		}
		ns[i] = to - from;
		mean += ns[i] / BRIEF_ITERATIONS;
		printf(" %.0f", ns[i]);
	}
	for (i = 0; i < BRIEF_ITERATIONS; i++)
		squares += (ns[i] - mean) * (ns[i] - mean);
	printf("\nmean %.0f ns, stdev %.1f%% (n-1)\n%.1f ns per " BRIEF_PER
	       ", %.0f a second together\n"
	       "ok: each op took the %ld faults promised\n",
	       mean, BRIEF_ITERATIONS > 1 ? 100 * sqrt(squares / (BRIEF_ITERATIONS - 1)) / mean : 0,
	       busy / BRIEF_ITERATIONS / crew->count, crew->count * 1e9 / mean, crew->promised);
}
