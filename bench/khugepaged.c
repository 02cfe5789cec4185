// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * khugepaged's collapse: from MADV_HUGEPAGE of base pages until the kernel's thread, which never
 * sleeps meanwhile, has made folios of the order of all of them. Each page is written to before,
 * as what holds nothing but zeros may be left to the zero page. Mapping and writing are not timed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "bench/bench.h"

#define SYSFS_THP "/sys/kernel/mm/transparent_hugepage/"

enum {
	SIZE,
	ORDER
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("64M"),
	[ORDER] = {"order", BENCH_ORDER, "pmd", NULL, 0, ORDER_PMD,
		   "order of the folios that are made: 2 .. a PMD's less one, or pmd"},
	{0},
};

static const struct bench_variant variants[] = {
	{"collapse", "MADV_HUGEPAGE of base pages, until khugepaged has collapsed them", "folio",
	 NULL, 0},
	{0},
};

/* What khugepaged counts, and what it was in arm. */
struct collapsed {
	char path[128];
	long before;
};

static long folios(const struct bench_run *run)
{
	return run->value[SIZE] / (long)bench_folio_size((int)run->value[ORDER]);
}

static const char *refuse(const struct bench_run *run)
{
	int order = (int)run->value[ORDER];

	if (!order)
		return "order is that of the folios that are made: 2 .. or pmd";
	if (order != ORDER_PMD && bench_folio_size(order) >= bench_folio_size(ORDER_PMD))
		return "a folio as large as that is mapped by a PMD: order=pmd";
	if (run->value[SIZE] % (long)bench_folio_size(ORDER_PMD))
		return "size is not a whole number of what PMDs map, which is scanned at once";
	return NULL;
}

static unsigned long needs_more(const struct bench_run *run)
{
	return run->value[ORDER] == ORDER_PMD ? 0 : NEED_MTHP_COLLAPSE;
}

static int setup(struct bench_run *run)
{
	bool pmd = run->value[ORDER] == ORDER_PMD;
	struct collapsed *collapsed = malloc(sizeof(*collapsed));

	run->state = collapsed;
	if (!collapsed)
		return bench_fail(run, "out of memory");
	if (bench_number_in(SYSFS_THP "khugepaged/scan_sleep_millisecs"))
		return bench_fail(run, "khugepaged sleeps between its scans: echo 0 >" SYSFS_THP
				       "khugepaged/scan_sleep_millisecs");
	/* Of PMDs the old count of them; since there are others, folios by their size. */
	if (pmd)
		snprintf(collapsed->path, sizeof(collapsed->path),
			 SYSFS_THP "khugepaged/pages_collapsed");
	else
		snprintf(collapsed->path, sizeof(collapsed->path),
			 SYSFS_THP "hugepages-%zukB/stats/nr_anon",
			 bench_folio_size((int)run->value[ORDER]) / 1024);
	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = AREA_POPULATED,
		.per_count = (double)folios(run),
		.moves = {{pmd ? "khugepaged:pages_collapsed" : "thp:nr_anon", folios(run),
			   LONG_MAX}},
	};
	return 0;
}

static int arm(struct bench_run *run)
{
	struct collapsed *collapsed = run->state;

	if (area_map(run, (size_t)run->value[SIZE], 0) || area_populate(run, &run->areas[0]))
		return -1;
	area_fill(&run->areas[0]);
	area_drain_batches(); /* a page that waits there is somebody's else, and passed over */
	run->areas[0].before = AREA_BASE_PAGES;
	run->areas[0].order = (int)run->value[ORDER];
	collapsed->before = bench_number_in(collapsed->path);
	return 0;
}

/* Timed: the call, and waiting for another task. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct collapsed *collapsed = run->state;
	struct bench_area *area = &run->areas[worker];

	if (!madvise(area->start, area->len, MADV_HUGEPAGE))
		bench_wait_number(collapsed->path, collapsed->before + folios(run), LONG_MAX);
}

const struct bench bench_khugepaged = {
	.name = "khugepaged",
	.path = "collapse_scan_pmd, collapse_huge_page, by the kernel's thread",
	.variants = variants,
	.params = params,
	.needs = NEED_KHUGEPAGED | NEED_TASKS, /* it is never at rest */
	.refuse = refuse,
	.needs_more = needs_more,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = area_unmap_all,
};
