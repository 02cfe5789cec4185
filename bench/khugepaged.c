// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * khugepaged's collapse: from MADV_HUGEPAGE of base pages until the kernel's thread, which never
 * sleeps meanwhile, has made folios of the order of all of them. Each page is written to before,
 * as what holds nothing but zeros may be left to the zero page. Mapping and writing are not timed.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/bench.h"

#define KHUGEPAGED "/sys/kernel/mm/transparent_hugepage/khugepaged/"

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

#define PAGEMAP_FRAME ((1ULL << 55) - 1) /* of an entry; 0 where it is not shown */

/*
 * Where the last page of each stretch that a PMD maps is. Those are scanned one after the other,
 * whole, and what is collapsed is copied: it is done where that page is elsewhere.
 */
struct stretches {
	const char *who; /* is waited for */
	int pagemap;
	size_t first, each; /* pages */
	size_t nr, next;    /* stretches; that which is waited for */
	uint64_t *frames;
};

static uint64_t frame_of(const struct stretches *of, size_t stretch)
{
	uint64_t entry = 0;
	size_t page = of->first + (stretch + 1) * of->each - 1;

	return pread(of->pagemap, &entry, sizeof(entry), (off_t)(page * sizeof(entry))) ==
			       sizeof(entry)
		       ? entry & PAGEMAP_FRAME
		       : 0;
}

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
	struct stretches *of = malloc(sizeof(*of));

	run->state = of;
	if (!of)
		return bench_fail(run, "out of memory");
	of->who = "khugepaged";
	of->each = bench_folio_size(ORDER_PMD) / bench_page_size();
	of->nr = (size_t)run->value[SIZE] / bench_folio_size(ORDER_PMD);
	of->frames = calloc(of->nr, sizeof(*of->frames));
	of->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (!of->frames || of->pagemap < 0)
		return bench_fail(run, "/proc/self/pagemap: %m");
	if (bench_number_in(KHUGEPAGED "scan_sleep_millisecs"))
		return bench_fail(run, "khugepaged sleeps between its scans: echo 0 >" KHUGEPAGED
				       "scan_sleep_millisecs");
	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = AREA_POPULATED,
		.per_count = (double)folios(run),
		.moves = {{"khugepaged:pages_collapsed", (long)of->nr, LONG_MAX}},
	};
	return 0;
}

static int arm(struct bench_run *run)
{
	struct stretches *of = run->state;
	size_t i;

	if (area_map(run, (size_t)run->value[SIZE], 0) || area_populate(run, &run->areas[0]))
		return -1;
	area_fill(&run->areas[0]);
	area_drain_batches(); /* a page that waits there is somebody's else, and passed over */
	run->areas[0].before = AREA_BASE_PAGES;
	run->areas[0].order = (int)run->value[ORDER];
	of->first = (uintptr_t)run->areas[0].start / bench_page_size();
	for (i = 0; i < of->nr; i++)
		of->frames[i] = frame_of(of, i);
	return of->frames[0] ? 0 : bench_fail(run, "/proc/self/pagemap shows no page frames");
}

static bool collapsed(const void *arg)
{
	const struct stretches *of = arg;

	return frame_of(of, of->next) != of->frames[of->next];
}

/* Timed: the call, and waiting for another task. */
static void op(struct bench_run *run, unsigned int worker)
{
	struct stretches *of = run->state;
	const struct bench_area *area = &run->areas[worker];

	if (madvise(area->start, area->len, MADV_HUGEPAGE))
		return;
	for (of->next = 0; of->next < of->nr && bench_wait(run, of->who, collapsed, of); of->next++)
		;
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
