// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mremap() of populated memory: moved to a place prepared for it, or grown to twice its size, as
 * realloc() does with large blocks, in place or by moving. The place is free, so nothing is
 * unmapped there, and set by us, so that kernels do not differ in where they put it. Memory is
 * mapped and populated anew for each iteration; that is not timed.
 */
#include <sys/mman.h>

#include "bench/bench.h"

enum {
	SIZE,
	ORDER,
	THREADS,
	PROCESSES,
	VMAS
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("256M"),  [ORDER] = BENCH_PARAM_ORDER,
	[THREADS] = BENCH_PARAM_THREADS,    [PROCESSES] = BENCH_PARAM_PROCESSES,
	[VMAS] = BENCH_PARAM_VMAS_IN_RANGE, {0},
};

struct remap_kind {
	bool moves, grows;
	enum {
		OFF_NOT,
		OFF_HALF, /* half of what a PMD maps, so no table moves whole; folios may stay
			     aligned */
		OFF_PAGE, /* a page, so no folio does */
	} off;		  /* from the offset that the memory had within what a PMD maps */
};

static const struct remap_kind move_kind = {.moves = true};
static const struct remap_kind move_half_kind = {.moves = true, .off = OFF_HALF};
static const struct remap_kind move_odd_kind = {.moves = true, .off = OFF_PAGE};
static const struct remap_kind grow_kind = {.grows = true};
static const struct remap_kind grow_move_kind = {.moves = true, .grows = true};

static const struct bench_variant variants[] = {
	{"move", "moves all of it to a place with the same offset from what a PMD maps", "call",
	 &move_kind, 0},
	{"move-half", "moves all of it to a place that is off by half of that: page by page",
	 "call", &move_half_kind, 0},
	{"move-odd", "moves all of it to a place a page off, where no folio is aligned", "call",
	 &move_odd_kind, 0},
	{"grow", "makes the mapping twice as long, with room behind it", "call", &grow_kind, 0},
	{"grow-move",
	 "makes the mapping twice as long without room behind it: it moves, to the same offset",
	 "call", &grow_move_kind, 0},
	{0},
};

static size_t share(const struct bench_run *run)
{
	return bench_share(run, bench_folio_size((int)run->value[ORDER]));
}

/* Where the memory of a worker goes: all that is is before all that is to be. */
static struct bench_area *to_of(const struct bench_run *run, unsigned int worker)
{
	return &run->areas[run->nr_areas - run->threads + worker];
}

static const char *refuse(const struct bench_run *run)
{
	const struct remap_kind *kind = run->kind;

	if (kind->grows && run->value[VMAS] > 1)
		return "vmas-in-range is for moves: only one VMA grows";
	return bench_refuse_vmas(run, run->value[VMAS]);
}

static unsigned long needs_more(const struct bench_run *run)
{
	return run->value[VMAS] > 1 ? NEED_MOVE_VMAS : 0;
}

static int setup(struct bench_run *run)
{
	const struct remap_kind *kind = run->kind;
	long kib = (long)(share(run) * run->threads / 1024);

	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = kind->moves ? AREA_UNMAPPED : AREA_GROWN,
		.per_count = (double)run->threads * run->processes,
		.moves = {{"status:VmSize", kind->grows ? kib : 0, kind->grows ? kib : 0}},
	};
	return 0;
}

static size_t bytes_off(const struct remap_kind *kind)
{
	if (kind->off == OFF_HALF)
		return bench_folio_size(ORDER_PMD) / 2;
	return kind->off == OFF_PAGE ? bench_page_size() : 0;
}

/* An area with free room of the same size behind it. */
static int map_with_room(struct bench_run *run, struct bench_area **ret)
{
	size_t size = share(run), spare = bench_folio_size(ORDER_PMD) / 2;
	struct bench_area *area;

	if (area_map(run, 2 * size + spare, (int)run->value[ORDER]))
		return -1;
	area = &run->areas[run->nr_areas - 1];
	if (munmap(area->start + size, area->len - size))
		return bench_fail(run, "munmap: %m");
	area->len = size;
	*ret = area;
	return 0;
}

/* The place that the memory of a worker is moved to. */
static int clear_place(struct bench_run *run, struct bench_area *area)
{
	const struct remap_kind *kind = run->kind;

	if (munmap(area->start, area->len))
		return bench_fail(run, "munmap: %m");
	area->start += bytes_off(kind);
	area->before = AREA_UNMAPPED;
	area->vmas = (unsigned int)run->value[VMAS];
	area->after = kind->grows ? AREA_GROWN : AREA_POPULATED;
	if (kind->off && area->order == ORDER_PMD)
		area->after = AREA_PTE_MAPPED;
	return 0;
}

/* All is mapped before anything is unmapped: nothing comes to be where something is to go. */
static int arm(struct bench_run *run)
{
	const struct remap_kind *kind = run->kind;
	unsigned int nr = run->threads, w;
	struct bench_area *area;

	for (w = 0; w < nr; w++)
		if (map_with_room(run, &area) || area_populate(run, area) ||
		    area_slice(run, area, run->value[VMAS]))
			return -1;
	for (w = 0; kind->moves && w < nr; w++)
		if (map_with_room(run, &area))
			return -1;
	for (w = 0; kind->moves && w < nr; w++)
		if (clear_place(run, to_of(run, w)))
			return -1;
	for (w = 0; kind->grows && w < nr; w++)
		to_of(run, w)->grows = share(run);
	return 0;
}

/* Timed: the call of a worker, nothing else. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct remap_kind *kind = run->kind;
	const struct bench_area *from = &run->areas[worker], *to = to_of(run, worker);

	if (kind->moves)
		mremap(from->start, from->len, to->len + to->grows, MREMAP_MAYMOVE | MREMAP_FIXED,
		       to->start);
	else
		mremap(from->start, from->len, from->len + from->grows, 0);
}

static int disarm(struct bench_run *run)
{
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		munmap(to_of(run, w)->start, to_of(run, w)->len + to_of(run, w)->grows);
	return area_unmap_all(run);
}

const struct bench bench_mremap = {
	.name = "mremap",
	.path = "move_page_tables: populated anonymous memory moved, or grown",
	.variants = variants,
	.params = params,
	.tacit = THREADS,
	.refuse = refuse,
	.needs_more = needs_more,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
