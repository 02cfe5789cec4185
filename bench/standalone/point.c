// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sets the point up, checks each op's faults, and prints the times.
 */
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/parts/backed.h"
#include "bench/services/moves.h"
#include "bench/services/pages.h"
#include "bench/services/run.h"
#include "bench/standalone/standalone.h"

#define CANNOT_RUN   77
#define BROKEN	     1
#define SPARE_MEMORY (64UL << 20)
#define THP	     "/sys/kernel/mm/transparent_hugepage"

struct standalone_results *standalone_results;
uint64_t standalone_exec_ns;
int standalone_from, standalone_to;

static cpu_set_t started_on;
static long moved_before[BENCH_MAX_MOVES]; /* LONG_MIN: not counted by this kernel */

/* What the user can do about a machine that cannot. */
static void say_how(const struct bench_run *run)
{
	int order = (int)point_value(run, BENCH_ORDER, 0);
	bool pmd = order == ORDER_PMD || order == thp_pmd_order();
	enum area_backing backing = run->nr_areas ? run->areas[0].backing : BACK_ANON;

	if (*standalone_point.needs)
		fprintf(stderr, "It needs: %s.\n", standalone_point.needs);
	if (order && (backing == BACK_SHARED_FILE || backing == BACK_PRIVATE_FILE))
		fprintf(stderr, "Try: TMPDIR= a folder of another file system, such as xfs\n");
	else if (order && backing != BACK_ANON)
		fprintf(stderr, "Try: echo advise >" THP "/hugepages-%zukB/shmem_enabled%s\n",
			bench_folio_size(order) / 1024,
			pmd ? ", or, before Linux 6.11, " THP "/shmem_enabled" : "");
	else if (order)
		fprintf(stderr, "Try: echo madvise >" THP "/hugepages-%zukB/enabled%s\n",
			bench_folio_size(order) / 1024,
			pmd ? ", or, before Linux 6.8, " THP "/enabled"
			    : ", and never to those of larger sizes");
}

static _Noreturn void give_up(const struct bench_run *run, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static _Noreturn void give_up(const struct bench_run *run, int status, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, status == CANNOT_RUN ? "cannot run here: " : "FAIL: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	if (status == CANNOT_RUN)
		say_how(run);
	exit(status);
}

uint64_t standalone_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

void standalone_pin(unsigned int worker)
{
	unsigned int workers = standalone_point.threads * standalone_point.processes;
	cpu_set_t own;
	int cpu;

	if ((unsigned int)CPU_COUNT(&started_on) < workers)
		return;
	for (cpu = 0; !CPU_ISSET(cpu, &started_on) || worker--; cpu++)
		;
	CPU_ZERO(&own);
	CPU_SET(cpu, &own);
	sched_setaffinity(0, sizeof(own), &own);
}

/* Whose page flags are not seen. Any page of its own will do. */
static void check_flags(const struct bench_run *run)
{
	unsigned long more = run->bench->needs_more ? run->bench->needs_more(run) : 0;
	const char *own = (char *)((uintptr_t)run & -bench_page_size());

	if (!(more & NEED_FILE_ORDER) || pages_of_order(own, bench_page_size(), 0) >= 0)
		return;
	fprintf(stderr, "cannot run here: root alone sees of which order a file's folios are\n");
	exit(CANNOT_RUN);
}

void standalone_setup(struct bench_run *run)
{
	check_flags(run);
	if (run->bench->setup(run))
		give_up(run, CANNOT_RUN, "%s", run->why);
}

/*
 * An op that populates memory takes one fault a folio, whatever that is. Whole folios have pages
 * that nobody touched. Looked at in warm-up only, as that warms page tables.
 */
static void check_folios(const struct bench_run *run)
{
	const struct bench_area *area;
	unsigned int i;

	for (i = 0; i < run->nr_areas && run->promise.after == AREA_POPULATED; i++) {
		area = &run->areas[i];
		if (area->order && !area->after && !pages_resident(area->start, area->len))
			give_up(run, CANNOT_RUN, "a touch gives smaller folios");
		if (area->order && backed_by_disk(area->backing) &&
		    !pages_of_order(area->start, area->len, area->order))
			give_up(run, CANNOT_RUN, "the file's folios are not of order %d",
				pages_order(area->order));
	}
}

void standalone_prepare(struct bench_run *run)
{
	int order = (int)point_value(run, BENCH_ORDER, 0), i;

	if (run->bench->arm && run->bench->arm(run))
		give_up(run, CANNOT_RUN, "%s", run->why);
	for (i = 0; i < BENCH_MAX_MOVES && run->promise.moves[i].what; i++)
		moved_before[i] = moves_now(run->promise.moves[i].what, order);
}

static void check_moves(const struct bench_run *run, int status)
{
	int order = (int)point_value(run, BENCH_ORDER, 0), i;
	const struct bench_move *move = run->promise.moves;
	long by;

	for (i = 0; i < BENCH_MAX_MOVES && move[i].what; i++) {
		by = moves_since(&move[i], order, moved_before[i]);
		/* Whether workers were side by side is not looked at here. */
		if (moved_before[i] != LONG_MIN &&
		    ((by < move[i].min && !run->promise.moves_beside) || by > move[i].max))
			give_up(run, status, "%s moved by %ld; promised are %ld to %ld",
				move[i].what, by, move[i].min, move[i].max);
	}
}

/*
 * The first ops of a process take faults of its own as well. If one does less than it promises,
 * the machine lacks something.
 */
void standalone_conclude(struct bench_run *run, int iteration, long faults, long ops)
{
	bool warm = iteration < standalone_point.warmup;
	long promised = run->promise.faults * ops, excess = faults - promised;
	struct standalone_results *results = standalone_results;
	int status = warm ? CANNOT_RUN : BROKEN;

	if (run->why[0])
		give_up(run, CANNOT_RUN, "%s", run->why);
	if (excess < 0 || (!warm && excess > run->promise.faults_slack))
		give_up(run, status, "%ld page faults, where %ld are promised%s", faults, promised,
			run->promise.faults_slack ? ", or a few more" : "");
	check_moves(run, status);
	if (warm)
		check_folios(run);
	if (iteration == standalone_point.warmup || (!warm && excess < results->faults_min))
		results->faults_min = excess;
	if (iteration == standalone_point.warmup || (!warm && excess > results->faults_max))
		results->faults_max = excess;
	if (run->bench->disarm && run->bench->disarm(run))
		give_up(run, status, "%s", run->why);
}

void standalone_sample(int iteration, uint64_t ns, uint64_t workers_ns)
{
	if (iteration < standalone_point.warmup)
		return;
	standalone_results->ns[iteration - standalone_point.warmup] = ns;
	standalone_results->workers_ns += (double)workers_ns;
}

/* It would be populated until something is killed. */
static void check_memory(const struct bench_run *run)
{
	size_t have, room = (size_t)standalone_memory_room();
	bool suffices = run_memory_suffices(run, &have);

	if (suffices && run_memory(run) + SPARE_MEMORY <= room)
		return;
	if (suffices)
		fprintf(stderr,
			"cannot run here: more than the control group's limit leaves, %zu MiB\n",
			room >> 20);
	else
		fprintf(stderr, "cannot run here: more than the memory available, %zu MiB\n",
			have >> 20);
	exit(CANNOT_RUN);
}

/* Who is held is not at work: the times are the quota's. */
static void check_quota(long held)
{
	held = standalone_periods_held() - held;
	if (!held)
		return;
	fprintf(stderr, "cannot run here: a CPU quota held it, in %ld periods\n", held);
	exit(CANNOT_RUN);
}

static void print_times(const struct bench_run *run)
{
	const struct standalone_results *results = standalone_results;
	int nr = standalone_point.iterations, i;
	double mean = 0, squares = 0;

	printf("samples, ns:");
	for (i = 0; i < nr; i++) {
		printf(" %lu", (unsigned long)results->ns[i]);
		mean += (double)results->ns[i] / nr;
	}
	for (i = 0; i < nr; i++)
		squares += ((double)results->ns[i] - mean) * ((double)results->ns[i] - mean);
	printf("\nmean %.0f ns, stdev %.1f%% (n-1)\n", mean,
	       nr > 1 ? 100 * sqrt(squares / (nr - 1)) / mean : 0);
	if (!run->bench->repeat && run->promise.per_count != 1)
		printf("%.1f ns per %s\n", results->workers_ns / nr / run->promise.per_count,
		       run->variant->per);
	printf("ok: each op took the %ld faults promised, and %ld to %ld others\n",
	       run->promise.faults, results->faults_min, results->faults_max);
	if (run->note[0])
		printf("note: %s\n", run->note);
}

size_t standalone_results_size(void)
{
	return sizeof(*standalone_results) +
	       (size_t)standalone_point.iterations * sizeof(standalone_results->ns[0]);
}

void standalone_carry_out(struct standalone_results *results, int from, int to)
{
	static const struct sched_param none;
	struct bench_run run = {
		.bench = standalone_point.bench,
		.variant = &standalone_point.bench->variants[standalone_point.variant],
		.kind = standalone_point.bench->variants[standalone_point.variant].data,
		.threads = standalone_point.threads,
		.processes = standalone_point.processes,
		.node = -1,
	};
	long held = standalone_periods_held();

	memcpy(run.value, standalone_point.value, sizeof(run.value));
	standalone_results = results;
	standalone_from = from;
	standalone_to = to;
	sched_getaffinity(0, sizeof(started_on), &started_on);
	/* A child that has just been made does not preempt its parent, whose time is taken. */
	if (sched_getscheduler(0) == SCHED_OTHER)
		sched_setscheduler(0, SCHED_BATCH, &none);
	run_settle_heap();
	if (!from) {
		puts(standalone_point.name);
		check_memory(&run);
	}
	fflush(stdout);
	standalone_measure(&run);
	check_quota(held);
	if (to == standalone_point.warmup + standalone_point.iterations)
		print_times(&run);
}
