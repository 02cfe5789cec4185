// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A benchmark of two roles that lies of what is beside the op.
 */
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
