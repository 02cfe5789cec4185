// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Same-page merging: from MADV_MERGEABLE until ksmd, which never sleeps meanwhile, has merged pages
 * that are all alike; and MADV_UNMERGEABLE of what it has merged, which gives each page its own
 * copy again. Mapping and writing to the pages are not timed, nor, before unmerge, is merging.
 */
#include <sys/mman.h>

#include "bench/bench.h"

#define MERGED "/proc/self/ksm_merging_pages"

enum {
	SIZE
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("16M"),
	{0},
};

struct ksm_kind {
	void (*op)(struct bench_run *run, const struct bench_area *area);
	bool merged; /* before */
};

static bool merged(const void *least)
{
	return bench_number_in(MERGED) >= *(const long *)least;
}

static bool none_merged(const void *arg)
{
	(void)arg;
	return bench_number_in(MERGED) == 0;
}

/* One may be left over: as many as may share a page have one. */
static long merged_at_least(const struct bench_run *run)
{
	return run->value[SIZE] / (long)bench_page_size() - 1;
}

static void merge(struct bench_run *run, const struct bench_area *area)
{
	const long least = merged_at_least(run);

	if (!madvise(area->start, area->len, MADV_MERGEABLE))
		bench_wait(run, "ksmd", merged, &least);
}

static void unmerge(struct bench_run *run, const struct bench_area *area)
{
	(void)run;
	madvise(area->start, area->len, MADV_UNMERGEABLE);
}

static const struct ksm_kind merge_kind = {merge, false};
static const struct ksm_kind unmerge_kind = {unmerge, true};

static const struct bench_variant variants[] = {
	{"merge", "MADV_MERGEABLE of pages that are alike, until ksmd has merged them", "page",
	 &merge_kind, 0},
	{"unmerge", "MADV_UNMERGEABLE of what was merged", "page", &unmerge_kind, 0},
	{0},
};

static const char *refuse(const struct bench_run *run)
{
	if (run->value[SIZE] % (long)bench_page_size())
		return "size is not a whole number of pages";
	return merged_at_least(run) < 1 ? "size is less than two pages, which are merged" : NULL;
}

static int setup(struct bench_run *run)
{
	const struct ksm_kind *kind = run->kind;
	long pages = run->value[SIZE] / (long)bench_page_size();

	if (bench_number_in("/sys/kernel/mm/ksm/run") != 1)
		return bench_fail(run, "ksmd is not at work: echo 1 >/sys/kernel/mm/ksm/run");
	/* Each copy is a fault; ksmd counts later what it has lost. */
	run->promise = (struct bench_promise){
		.faults = kind->merged ? pages - 1 : 0,
		.faults_slack = 1,
		.before = kind->merged ? AREA_THERE : AREA_POPULATED,
		.after = kind->merged ? AREA_BASE_PAGES : AREA_THERE,
		.per_count = (double)pages,
		.charged = (kind->merged ? 0.5 : -0.5) * (double)run->value[SIZE],
		.moves = {{"self:ksm_merging_pages", kind->merged ? LONG_MIN : merged_at_least(run),
			   LONG_MAX}},
	};
	return 0;
}

static int arm(struct bench_run *run)
{
	const struct ksm_kind *kind = run->kind;

	/* What was unmapped before is counted until ksmd comes by. */
	if (!bench_wait(run, "ksmd", none_merged, NULL))
		return -1;
	if (area_map(run, (size_t)run->value[SIZE], 0) || area_populate(run, &run->areas[0]))
		return -1;
	if (kind->merged)
		merge(run, &run->areas[0]);
	return run->why[0] ? -1 : 0;
}

/* Timed: the call, and, of merge, waiting for another task. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct ksm_kind *kind = run->kind;

	kind->op(run, &run->areas[worker]);
}

const struct bench bench_ksm = {
	.name = "ksm",
	.path = "ksm_do_scan, try_to_merge_one_page; unmerge_ksm_pages, break_ksm",
	.variants = variants,
	.params = params,
	.needs = NEED_KSM | NEED_TASKS, /* ksmd is never at rest */
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = area_unmap_all,
};
