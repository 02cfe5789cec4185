// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A write to each page of memory whose pages were taken away or write-protected: swapped out, seen
 * clean by soft-dirty tracking, or in the hands of userfaultfd. What userfaultfd is asked to do is
 * part of the op: the thread that faults does it, in a handler of SIGBUS, or it sleeps and another
 * does it, as programs that serve the faults of others do.
 */
#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/parts/touch.h"

enum {
	SIZE,
	THREADS,
	PROCESSES,
	ORDER
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("64M"),
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	[ORDER] = {"order", BENCH_ORDER, "0", NULL, 0, ORDER_PMD,
		   "swapped, zswapped: folio order of what is swapped out"},
	{0},
};

struct page_kind {
	enum area_backing backing;
	enum area_state before;
	bool populate;
	int watch; /* enum area_watched */
	int (*prepare)(struct bench_run *run, struct bench_area *area);
	bool again; /* some kernels take a fault for each page after that */
	long slack; /* faults elsewhere in the process */
};

/* Whole folios, each page of which holds something, and a fault may give such a folio again. */
static int swap_out(struct bench_run *run, struct bench_area *area)
{
	if (area->order)
		area_fill(area);
	return area_swap_out(run, area) ||
			       (area->order && madvise(area->start, area->len, MADV_HUGEPAGE))
		       ? -1
		       : 0;
}

static int soft_clean(struct bench_run *run, struct bench_area *area)
{
	(void)area;
	return area_soft_clean(run);
}

static const struct page_kind missing = {.before = AREA_EMPTY, .watch = WATCH_MISSING};
static const struct page_kind minor = {
	.backing = BACK_MEMFD, .before = AREA_EMPTY, .watch = WATCH_MINOR};
static const struct page_kind protected = {
	.before = AREA_POPULATED, .populate = true, .watch = WATCH_WP, .again = true};
static const struct page_kind swapped = {
	.before = AREA_SWAPPED, .populate = true, .prepare = swap_out};
static const struct page_kind zswapped = {
	.before = AREA_SWAPPED, .populate = true, .prepare = swap_out};
static const struct page_kind swapped_shmem = {
	.backing = BACK_SHMEM, .before = AREA_SWAPPED, .populate = true, .prepare = swap_out};
static const struct page_kind missing_thread = {.before = AREA_EMPTY,
						.watch = WATCH_MISSING | WATCH_BY_THREAD};
static const struct page_kind minor_thread = {
	.backing = BACK_MEMFD, .before = AREA_EMPTY, .watch = WATCH_MINOR | WATCH_BY_THREAD};
static const struct page_kind protected_thread = {.before = AREA_POPULATED,
						  .populate = true,
						  .watch = WATCH_WP | WATCH_BY_THREAD,
						  .again = true};
/* The bits are cleared, and the pages protected, in all of the process: stack and data as well. */
static const struct page_kind soft = {
	.before = AREA_SOFT_CLEAN, .populate = true, .prepare = soft_clean, .slack = 64};

static const struct bench_variant variants[] = {
	{"swapped", "writes to each page of memory that is swapped out", "page", &swapped,
	 NEED_SWAP},
	{"zswapped",
	 "writes to each page of memory that is swapped out, and held compressed by zswap", "page",
	 &zswapped, NEED_SWAP | NEED_ZSWAP},
	{"swapped-shmem", "writes to each page of shared memory that is swapped out", "page",
	 &swapped_shmem, NEED_SWAP},
	{"soft-dirty", "writes to each page of memory whose soft-dirty bits were cleared", "page",
	 &soft, NEED_SOFT_DIRTY},
	{"uffd-missing", "writes to each page of memory that userfaultfd copies in page by page",
	 "page", &missing, NEED_USERFAULTFD},
	{"uffd-minor", "writes to each page of a memfd that userfaultfd maps from the page cache",
	 "page", &minor, NEED_UFFD_MINOR},
	{"uffd-wp",
	 "writes to each page of memory whose write-protection userfaultfd lifts page by page",
	 "page", &protected, NEED_UFFD_WP},
	{"uffd-missing-thread",
	 "writes to each page, which another thread copies in by userfaultfd", "page",
	 &missing_thread, NEED_USERFAULTFD | NEED_TASKS},
	{"uffd-minor-thread",
	 "writes to each page of a memfd, which another thread maps by userfaultfd", "page",
	 &minor_thread, NEED_UFFD_MINOR | NEED_TASKS},
	{"uffd-wp-thread",
	 "writes to each page, whose write-protection another thread lifts by userfaultfd", "page",
	 &protected_thread, NEED_UFFD_WP | NEED_TASKS},
	{0},
};

static size_t folio(const struct bench_run *run)
{
	return bench_folio_size((int)run->value[ORDER]);
}

static const char *refuse(const struct bench_run *run)
{
	const struct page_kind *kind = run->kind;

	if (run->value[ORDER] && (kind->before != AREA_SWAPPED || kind->backing != BACK_ANON))
		return "order is for swapped and zswapped: the others are about single pages";
	if ((size_t)run->value[SIZE] % folio(run) || !bench_share(run, folio(run)))
		return "size is not a whole number of folios, one at least for each worker";
	return NULL;
}

static unsigned long needs_more(const struct bench_run *run)
{
	return run->kind == &zswapped && run->value[ORDER] ? NEED_ZSWAP_ORDER : 0;
}

/* Swapped, of a larger order: all that the process swaps out. */
static long folios(const struct bench_run *run)
{
	return (long)(bench_share(run, folio(run)) / folio(run)) * run->threads;
}

static int setup(struct bench_run *run)
{
	const struct page_kind *kind = run->kind;
	size_t page = bench_page_size(), share = bench_share(run, folio(run));
	long pages = (long)(share / page * run->threads);
	struct bench_move *move = run->promise.moves;

	/* A fault that ends in a signal is none of the process's; one that waits and is repeated is
	 * one. */
	run->promise = (struct bench_promise){
		.faults = kind->watch && !(kind->watch & WATCH_BY_THREAD) ? 0 : pages,
		.faults_slack = kind->again ? pages : kind->slack,
		.before = kind->before,
		.after = AREA_POPULATED,
		.per_count = (double)pages * run->processes,
	};
	if (kind->watch)
		*move = (struct bench_move){"userfaults", pages, pages};
	else if (kind->before == AREA_SWAPPED)
		*move++ = (struct bench_move){kind == &zswapped ? "vmstat:zswpin" : "vmstat:pswpin",
					      pages, LONG_MAX};
	if (!run->value[ORDER])
		return 0;
	/* Some kernels (6.12) swap in as large folios as were swapped out, with a fault each. */
	run->promise.faults = folios(run);
	run->promise.faults_slack = pages - run->promise.faults;
	run->promise.after = AREA_THERE;
	run->promise.charged = (double)(share * run->threads);
	return 0;
}

static int arm(struct bench_run *run)
{
	const struct page_kind *kind = run->kind;
	struct bench_area *area;
	unsigned int w;

	for (w = 0; w < run->threads; w++) {
		if (area_map_as(run, bench_share(run, folio(run)), (int)run->value[ORDER],
				kind->backing))
			return -1;
		area = &run->areas[w];
		if ((kind->populate && area_populate(run, area)) ||
		    (kind->watch && area_watch(run, area, kind->watch)) ||
		    (kind->prepare && kind->prepare(run, area)))
			return -1;
	}
	if (run->value[ORDER])
		area_promise_swap_in(&run->promise.moves[1], (int)run->value[ORDER], folios(run));
	return 0;
}

/* Timed: the faults, and what userfaultfd's handler does about them. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct bench_area *area = &run->areas[worker];

	touch_write((struct touch_span){area->start, area->start + area->len, bench_page_size()});
}

static int disarm(struct bench_run *run)
{
	if (run->value[ORDER])
		area_note_swap_in(run, (int)run->value[ORDER], folios(run));
	return area_unmap_all(run);
}

const struct bench bench_fault_page = {
	.name = "fault-page",
	.path = "do_swap_page, do_wp_page, handle_userfault: a write, by what became of the page",
	.variants = variants,
	.params = params,
	.tacit = ORDER,
	.refuse = refuse,
	.needs_more = needs_more,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
