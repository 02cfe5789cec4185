// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * First touch of anonymous memory by 1..N threads or processes at once. Only the touching is
 * timed: mapping, unmapping, thread creation and waiting for each other are not.
 */
#include <stdlib.h>

#include "bench/bench.h"
#include "bench/parts/touch.h"

enum {
	SIZE,
	ORDER,
	SHARING,
	THREADS,
	PROCESSES
};
enum {
	OWN,
	SLICES,
	INTERLEAVED
};

static const char *const sharings[] = {"own", "slices", "interleaved", NULL};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("256M"),
	[ORDER] = BENCH_PARAM_ORDER,
	[SHARING] = {"sharing", BENCH_CHOICE, "own", sharings, 0, 0,
		     "a VMA per thread; one VMA in 2 MiB-aligned slices; one VMA page by page"},
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

/* What a variant does to a page that is not there. */
struct fault_kind {
	void (*touch)(struct touch_span span);
	long faults; /* a page */
	enum area_state after;
};

static const struct fault_kind write_kind = {touch_write, 1, AREA_POPULATED};
static const struct fault_kind read_kind = {touch_read, 1, AREA_ZERO_PAGE};
static const struct fault_kind rw_kind = {touch_read_write, 2, AREA_POPULATED};

static const struct bench_variant variants[] = {
	{"write", "writes to each page for the first time", "fault", &write_kind, 0},
	{"read", "reads each page for the first time: the zero page is mapped", "fault", &read_kind,
	 0},
	{"read-write", "reads, then writes each page: zero page, then its copy", "fault", &rw_kind,
	 0},
	{0},
};

/* A worker has a whole number of these: folios, or page tables of its own. */
static size_t step_of(const struct bench_run *run)
{
	return bench_folio_size(run->value[SHARING] == SLICES ? ORDER_PMD : (int)run->value[ORDER]);
}

static const char *refuse(const struct bench_run *run)
{
	long order = run->value[ORDER];
	size_t step = step_of(run);

	if (order != ORDER_PMD && bench_folio_size((int)order) >= bench_folio_size(ORDER_PMD))
		return "a first touch maps a folio of a PMD's size by a PMD, never by PTEs; use "
		       "order=pmd";
	if (run->kind != &write_kind && order && order != ORDER_PMD)
		return "a read maps the zero page one by one, whatever the folio order; use "
		       "order=0 or pmd";
	if (run->kind == &rw_kind && order)
		return "what a write over the huge zero page gives is not promised by any kernel; "
		       "use order=0";
	if (!bench_share(run, step) || (size_t)run->value[SIZE] % step)
		return run->value[SHARING] == SLICES
			       ? "size is not a whole number of what a PMD maps, one at least for "
				 "each worker"
			       : "size is not a whole number of folios, one at least for each "
				 "worker";
	return NULL;
}

/* One span a worker, fixed for the whole run, so that op computes nothing. */
static int map_spans(struct bench_run *run, struct touch_span *spans)
{
	size_t share = bench_share(run, step_of(run)), len = share * run->threads;
	size_t folio = bench_folio_size((int)run->value[ORDER]);
	int order = (int)run->value[ORDER];
	unsigned int w;
	char *start;

	for (w = 0; w < run->threads; w++) {
		if (run->value[SHARING] == OWN && area_map(run, share, order))
			return -1;
		if (run->value[SHARING] != OWN && !w && area_map(run, len, order))
			return -1;
	}
	for (w = 0; w < run->threads; w++) {
		start = run->areas[run->value[SHARING] == OWN ? w : 0].start;
		if (run->value[SHARING] == INTERLEAVED)
			spans[w] = (struct touch_span){start + w * folio, start + len,
						       run->threads * folio};
		else if (run->value[SHARING] == SLICES)
			spans[w] = (struct touch_span){start + w * share, start + (w + 1) * share,
						       folio};
		else
			spans[w] = (struct touch_span){start, start + share, folio};
	}
	return 0;
}

static int setup(struct bench_run *run)
{
	const struct fault_kind *kind = run->kind;
	size_t folio = bench_folio_size((int)run->value[ORDER]);
	long folios = (long)(bench_share(run, step_of(run)) * run->threads / folio);

	run->promise = (struct bench_promise){
		.faults = kind->faults * folios,
		.before = AREA_EMPTY,
		.after = kind->after,
		.per_count = (double)(kind->faults * folios * run->processes),
		.bytes = kind == &read_kind ? 0 : (double)(folios * (long)folio * run->processes),
	};
	run->state = calloc(run->threads, sizeof(struct touch_span));
	return run->state ? 0 : bench_fail(run, "out of memory");
}

/* New mappings for every iteration, so that page tables are built anew each time. */
static int arm(struct bench_run *run)
{
	return map_spans(run, run->state);
}

/* Timed: the faults, and at most 5 user instructions around each. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct fault_kind *kind = run->kind;
	const struct touch_span *spans = run->state;

	kind->touch(spans[worker]);
}

const struct bench bench_fault = {
	.name = "fault",
	.path = "do_anonymous_page: first touch of anonymous memory",
	.variants = variants,
	.params = params,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = area_unmap_all,
};
