// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Populated memory mapped in another way: base pages collapsed into PMD-mapped folios, and what
 * PMDs map mapped by PTEs, folios left whole.
 */
#include <linux/mman.h>
#include <sys/mman.h>

#include "bench/bench.h"

enum {
	SIZE
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("256M"),
	{0},
};

struct thp_kind {
	void (*op)(struct bench_run *run, const struct bench_area *area);
	int order;
	enum area_state after;
	const char *what; /* vmstat counts it, once a PMD */
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

static const struct thp_kind collapse_kind = {collapse, 0, AREA_PMD_MAPPED,
					      "vmstat:thp_collapse_alloc"};
static const struct thp_kind remap_kind = {remap, ORDER_PMD, AREA_PTE_MAPPED,
					   "vmstat:thp_split_pmd"};

static const struct bench_variant variants[] = {
	{"collapse", "one MADV_COLLAPSE of base pages", "call", &collapse_kind,
	 NEED_COLLAPSE | NEED_TASKS},
	{"remap", "maps by PTEs what PMDs map: MADV_DONTFORK and DOFORK of a page of each", "PMD",
	 &remap_kind, 0},
	{0},
};

static const char *refuse(const struct bench_run *run)
{
	if (run->value[SIZE] % (long)bench_folio_size(ORDER_PMD))
		return "size is not a whole number of what PMDs map";
	return NULL;
}

static int setup(struct bench_run *run)
{
	const struct thp_kind *kind = run->kind;
	long pmds = run->value[SIZE] / (long)bench_folio_size(ORDER_PMD);

	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = kind->after,
		.per_count = kind == &remap_kind ? (double)pmds : 1,
		.moves = {{kind->what, pmds, LONG_MAX}},
	};
	return 0;
}

static int arm(struct bench_run *run)
{
	const struct thp_kind *kind = run->kind;

	if (area_map(run, (size_t)run->value[SIZE], kind->order) ||
	    area_populate(run, &run->areas[0]))
		return -1;
	/* Base pages were made by forbidding all else, which would forbid this as well. */
	if (madvise(run->areas[0].start, run->areas[0].len, MADV_HUGEPAGE))
		return bench_fail(run, "madvise(MADV_HUGEPAGE): %m");
	return 0;
}

/* Timed: the calls, nothing else. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct thp_kind *kind = run->kind;

	(void)worker;
	kind->op(run, &run->areas[0]);
}

const struct bench bench_thp = {
	.name = "thp",
	.path = "hpage_collapse_scan_pmd, __split_huge_pmd: memory mapped in another way",
	.variants = variants,
	.params = params,
	.needs = NEED_THP,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = area_unmap_all,
};
