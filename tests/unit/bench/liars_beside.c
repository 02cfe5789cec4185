// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A benchmark of two roles that lies of what is beside the op; and what happens to a worker while
 * it measures, done by itself.
 */
#include <sched.h>
#include <signal.h>

#include "tests/unit/bench/liars.h"

static int promise_faults_beside(struct bench_run *run)
{
	run->promise.faults_beside = 1;
	return 0;
}

static const struct lie wrong_beside = {.setup = promise_faults_beside};

/* Of two roles, in a program that is executed for each iteration. */
static const struct bench_param beside_params[] = {
	[SIZE] = BENCH_PARAM_SIZE("4M"),
	{"ones", BENCH_THREADS, "1", NULL, 1, 1, "threads that touch the memory"},
	{"others", BENCH_THREADS, "1", NULL, 0, 64, "threads that do nothing meanwhile"},
	{0},
};

static const struct bench_variant beside_variants[] = {
	{"honest", "keeps its promises", "fault", &lie_honest, 0},
	{"faults", "promises faults of the threads that do nothing", "fault", &wrong_beside, 0},
	{"abort", "prints and aborts", "fault", &lie_aborts, 0},
	{0},
};

static void op_beside(struct bench_run *run, unsigned int worker)
{
	const struct lie *lie = run->kind;
	const struct bench_area *area = &run->areas[0];
	volatile char *p;

	for (p = area->start; !worker && p < area->start + area->len; p += bench_page_size())
		*p = 1;
	if (lie->op)
		lie->op(run);
}

const struct bench bench_lie_beside = {
	.name = "lie-beside",
	.path = "none: tests of the harness",
	.variants = beside_variants,
	.params = beside_params,
	.needs = NEED_EXEC,
	.repeat = REPEAT_BESIDE,
	.setup = lie_setup,
	.arm = lie_arm,
	.op = op_beside,
	.disarm = area_unmap_all,
};

/* To one CPU that is not its own, once. */
static void move(struct bench_run *run)
{
	static bool moved;
	cpu_set_t other;
	int cpu, own = sched_getcpu();

	(void)run;
	for (cpu = 0; cpu < CPU_SETSIZE && !moved; cpu++) {
		CPU_ZERO(&other);
		CPU_SET(cpu, &other);
		moved = cpu != own && !sched_setaffinity(0, sizeof(other), &other);
	}
}

static void spread(struct bench_run *run)
{
	cpu_set_t all;
	int cpu;

	(void)run;
	CPU_ZERO(&all);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		CPU_SET(cpu, &all);
	sched_setaffinity(0, sizeof(all), &all);
}

/* Somebody else is to continue it. */
static void stop(struct bench_run *run)
{
	static bool stopped;

	(void)run;
	if (!stopped)
		raise(SIGSTOP);
	stopped = true;
}

const struct lie lie_moves = {.op = move};
const struct lie lie_spreads = {.op = spread};
const struct lie lie_stops = {.op = stop};
