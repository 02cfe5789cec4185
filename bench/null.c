// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Touches memory that is already there: no fault, so what it shows is the cost of the loop, of
 * the page walks and of the harness around an op. It stands beside other results, never
 * subtracted from them.
 */
#include "bench/bench.h"
#include "bench/parts/touch.h"

enum {
	SIZE,
	ORDER,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("64M"),
	[ORDER] = BENCH_PARAM_ORDER,
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

static const struct bench_variant variants[] = {
	{"write", "writes one byte to each populated page", "page", NULL, 0},
	{0},
};

/* Each worker has its own area, as large as one worker's share of the size. */
static int setup(struct bench_run *run)
{
	size_t len = (size_t)run->value[SIZE] / run->threads / run->processes;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (area_map(run, len, (int)run->value[ORDER]))
			return -1;
	for (w = 0; w < run->threads; w++)
		if (area_populate(run, &run->areas[w]))
			return -1;
	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = AREA_POPULATED,
		.per_count = (double)(len / bench_page_size() * run->threads * run->processes),
	};
	return 0;
}

/* Timed: one write a base page, all of them present and writable. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct bench_area *area = &run->areas[worker];

	touch_write((struct touch_span){area->start, area->start + area->len, bench_page_size()});
}

const struct bench bench_null = {
	.name = "null",
	.path = "none: touches populated memory, the floor of every other family",
	.variants = variants,
	.params = params,
	.setup = setup,
	.op = op,
};
