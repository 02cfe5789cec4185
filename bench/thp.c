// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Populated memory mapped in another way: base pages collapsed into PMD-mapped folios, what PMDs
 * map mapped by PTEs, folios left whole, and large folios split, which advice does that is about
 * one page of each. What holds nothing but zeros would become the zero page (6.12), so each page is
 * written to before.
 */
#include <linux/mman.h>
#include <sys/mman.h>

#include "bench/bench.h"

enum {
	SIZE,
	ORDER,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("256M"),
	[ORDER] = {"order", BENCH_ORDER, "0", NULL, 0, ORDER_PMD,
		   "split: folio order of what is split"},
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

struct thp_kind {
	void (*op)(struct bench_run *run, const struct bench_area *area);
	int order;
	enum area_state after;
	const char *what; /* is counted, once a PMD, or folio */
};

static void collapse(struct bench_run *run, const struct bench_area *area)
{
	(void)run;
	madvise(area->start, area->len, MADV_COLLAPSE);
}

static void remap(struct bench_run *run, const struct bench_area *area)
{
	area_split_pmds(run, area);
}

/* Of a folio that it is not all of it gives the rest back its own folios. */
static void split(struct bench_run *run, const struct bench_area *area)
{
	size_t step = bench_folio_size((int)run->value[ORDER]), page = bench_page_size();
	char *p;

	for (p = area->start; p < area->start + area->len; p += step)
		madvise(p, page, MADV_COLD);
}

static const struct thp_kind collapse_kind = {collapse, 0, AREA_PMD_MAPPED,
					      "vmstat:thp_collapse_alloc"};
static const struct thp_kind remap_kind = {remap, ORDER_PMD, AREA_PTE_MAPPED,
					   "vmstat:thp_split_pmd"};
static const struct thp_kind split_kind = {split, 0, AREA_BASE_PAGES, "thp:split"};

static const struct bench_variant variants[] = {
	{"collapse", "one MADV_COLLAPSE of base pages", "call", &collapse_kind,
	 NEED_THP | NEED_COLLAPSE | NEED_TASKS | NEED_UNSAMPLED},
	{"remap", "maps by PTEs what PMDs map: MADV_DONTFORK and DOFORK of a page of each", "PMD",
	 &remap_kind, NEED_THP},
	{"split", "splits folios into base pages: MADV_COLD of a page of each", "folio",
	 &split_kind, NEED_UNSAMPLED},
	{0},
};

/* What a PMD maps, or a folio. */
static size_t unit(const struct bench_run *run)
{
	return bench_folio_size(run->kind == &split_kind ? (int)run->value[ORDER] : ORDER_PMD);
}

static const char *refuse(const struct bench_run *run)
{
	if ((run->kind == &split_kind) != (run->value[ORDER] != 0))
		return "order is for split, which is of folios of several pages: order=2 .. or pmd";
	if (run->value[SIZE] % (long)unit(run))
		return run->kind == &split_kind ? "size is not a whole number of folios"
						: "size is not a whole number of what PMDs map";
	return bench_share(run, unit(run)) ? NULL
					   : "size is less than a PMD, or folio, for each worker";
}

static int setup(struct bench_run *run)
{
	const struct thp_kind *kind = run->kind;
	long units = (long)(bench_share(run, unit(run)) / unit(run));

	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = kind->after,
		.per_count = (double)(kind == &collapse_kind ? 1 : units) * run->threads *
			     run->processes,
		.moves = {{kind->what, units * run->threads, LONG_MAX}},
	};
	return 0;
}

/* Base pages were made by forbidding all else, which would forbid this as well. */
static int allow(struct bench_run *run, const struct bench_area *area)
{
	return madvise(area->start, area->len, MADV_HUGEPAGE)
		       ? bench_fail(run, "madvise(MADV_HUGEPAGE): %m")
		       : 0;
}

static int arm(struct bench_run *run)
{
	const struct thp_kind *kind = run->kind;
	bool splits = kind == &split_kind;
	int order = splits ? (int)run->value[ORDER] : kind->order;
	unsigned int w;

	for (w = 0; w < run->threads; w++) {
		if (area_map(run, bench_share(run, unit(run)), order) ||
		    area_populate(run, &run->areas[w]))
			return -1;
		if (splits)
			area_fill(&run->areas[w]);
	}
	/* All at the end: khugepaged, which is called for, is to come too late. */
	for (w = 0; !splits && w < run->threads; w++)
		if (allow(run, &run->areas[w]))
			return -1;
	if (splits)
		area_drain_batches();
	return 0;
}

/* Timed: the calls, nothing else. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct thp_kind *kind = run->kind;

	kind->op(run, &run->areas[worker]);
}

const struct bench bench_thp = {
	.name = "thp",
	.path = "hpage_collapse_scan_pmd, __split_huge_pmd, split_folio: memory mapped in another "
		"way",
	.variants = variants,
	.params = params,
	.tacit = ORDER,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = area_unmap_all,
};
