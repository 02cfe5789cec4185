// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Giving populated memory back: munmap() of all of it, one MADV_DONTNEED of all of it, and one
 * MADV_DONTNEED a page. The last two are different operations with similar names. Likewise
 * MADV_FREE, MADV_PAGEOUT, of what MADV_FREE has given up as well, and munmap() of what is swapped
 * out and shared with a child. Mapping,
 * populating and forking are not timed, nor is writing to each page of what is to be swapped.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/parts/backed.h"
#include "bench/parts/child.h"

enum {
	SIZE,
	ORDER,
	THREADS,
	PROCESSES,
	VMAS,
	BACKING
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("1G"),
	[ORDER] = BENCH_PARAM_ORDER,
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	[VMAS] = BENCH_PARAM_VMAS_IN_RANGE,
	[BACKING] = BENCH_PARAM_BACKING,
	{0},
};

struct zap_kind {
	void (*zap)(const struct bench_area *area);
	bool per_page;
	enum area_state before, after;
	const char *what; /* vmstat counts it, once a page */
	const char *also; /* recorded of a larger order, if what is */
};

static void zap_munmap(const struct bench_area *area)
{
	munmap(area->start, area->len);
}

static void zap_dontneed(const struct bench_area *area)
{
	madvise(area->start, area->len, MADV_DONTNEED);
}

static void zap_pte_dontneed(const struct bench_area *area)
{
	size_t page = bench_page_size();
	char *p;

	for (p = area->start; p < area->start + area->len; p += page)
		madvise(p, page, MADV_DONTNEED);
}

static void zap_free(const struct bench_area *area)
{
	madvise(area->start, area->len, MADV_FREE);
}

static void zap_pageout(const struct bench_area *area)
{
	madvise(area->start, area->len, MADV_PAGEOUT);
}

static const struct zap_kind munmap_kind = {zap_munmap,	   false, AREA_POPULATED,
					    AREA_UNMAPPED, NULL,  NULL};
static const struct zap_kind dontneed_kind = {zap_dontneed, false, AREA_POPULATED,
					      AREA_EMPTY,   NULL,  NULL};
static const struct zap_kind pte_dontneed_kind = {zap_pte_dontneed, true, AREA_POPULATED,
						  AREA_EMPTY,	    NULL, NULL};
static const struct zap_kind free_kind = {
	zap_free, false, AREA_POPULATED, AREA_LAZY_FREE, "vmstat:pglazyfree", "thp:split"};
static const struct zap_kind pageout_kind = {
	zap_pageout, false, AREA_POPULATED, AREA_SWAPPED, "vmstat:pswpout", "thp:swpout"};
static const struct zap_kind zswap_kind = {
	zap_pageout, false, AREA_POPULATED, AREA_SWAPPED, "vmstat:zswpout", "thp:zswpout"};
static const struct zap_kind lazy_kind = {
	zap_pageout, false, AREA_LAZY_FREE, AREA_EMPTY, "vmstat:pglazyfreed", "thp:split_deferred"};
static const struct zap_kind file_kind = {zap_pageout,	 false, AREA_POPULATED,
					  AREA_UNCACHED, NULL,	NULL};
static const struct zap_kind swapped_kind = {zap_munmap,    false, AREA_SWAPPED,
					     AREA_UNMAPPED, NULL,  NULL};

static const struct bench_variant variants[] = {
	{"munmap", "unmaps all of it with one call", "call", &munmap_kind, 0},
	{"dontneed", "drops all of it with one MADV_DONTNEED", "call", &dontneed_kind, 0},
	{"pte-dontneed", "drops it page by page, one MADV_DONTNEED each", "call",
	 &pte_dontneed_kind, 0},
	{"free", "gives all of it up with one MADV_FREE", "call", &free_kind, 0},
	{"pageout", "swaps all of it out with one MADV_PAGEOUT", "call", &pageout_kind,
	 NEED_SWAP | NEED_UNSAMPLED},
	{"pageout-zswap",
	 "swaps all of it out, to zswap, which compresses it, with one MADV_PAGEOUT", "call",
	 &zswap_kind, NEED_SWAP | NEED_ZSWAP | NEED_UNSAMPLED},
	{"pageout-free", "reclaims what MADV_FREE has given up with one MADV_PAGEOUT", "call",
	 &lazy_kind, NEED_UNSAMPLED},
	{"pageout-file",
	 "drops clean pages of a file with one MADV_PAGEOUT, from its cache as well", "call",
	 &file_kind, NEED_DISK | NEED_UNSAMPLED},
	{"munmap-swapped-forked", "unmaps what is swapped out, while a child has it too", "call",
	 &swapped_kind, NEED_SWAP},
	{0},
};

static enum area_backing backing(const struct bench_run *run)
{
	return run->kind == &file_kind ? BACK_SHARED_FILE : backed_by(run->value[BACKING], false);
}

static unsigned long needs_more(const struct bench_run *run)
{
	bool large = run->kind == &zswap_kind && run->value[ORDER];
	bool lazy = run->kind == &lazy_kind && run->value[ORDER] == ORDER_PMD;

	return backed_needs(backing(run), run->value[ORDER]) | (large ? NEED_ZSWAP_ORDER : 0) |
	       (lazy ? NEED_LAZY_PMD : 0);
}

static const char *refuse(const struct bench_run *run)
{
	const struct zap_kind *kind = run->kind;

	if (run->value[BACKING] && kind->before != AREA_POPULATED)
		return "backing is not for what MADV_FREE or swap are about before";
	if (kind == &free_kind && run->value[BACKING])
		return "MADV_FREE is of private anonymous memory alone";
	if (kind->after == AREA_SWAPPED && backing(run) == BACK_SHARED_FILE)
		return "files are not swapped out: the variant is pageout-file";
	if (kind == &file_kind && run->value[BACKING] &&
	    backed_by(run->value[BACKING], false) != BACK_SHARED_FILE)
		return "pageout-file is of a file";
	return backed_refuse(backing(run), run->value[ORDER])
		       ?: bench_refuse_vmas(run, run->value[VMAS]);
}

static size_t share(const struct bench_run *run)
{
	return bench_share(run, bench_folio_size((int)run->value[ORDER]));
}

static int setup(struct bench_run *run)
{
	const struct zap_kind *kind = run->kind;
	long folio = (long)(bench_folio_size((int)run->value[ORDER]) / bench_page_size());
	long pages = (long)(share(run) * run->threads / bench_page_size());
	long waiting = BENCH_LRU_BATCH * folio * run->threads;
	long least = pages > waiting ? pages - waiting : 1;

	if (kind == &swapped_kind) {
		run->state = calloc(1, sizeof(struct child));
		if (!run->state || child_setup(run, run->state))
			return bench_fail(run, "no child can be had");
	}
	run->promise = (struct bench_promise){
		/* Stacks are shared with a child, and each thread begins to write to its own. */
		.faults_slack = kind == &swapped_kind ? 16L * run->threads : 0,
		.before = kind->before,
		.after = kind->after,
		.children = kind == &swapped_kind,
		.per_count = (double)(kind->per_page ? pages : run->threads) * run->processes,
		.moves = {{kind->what, least, LONG_MAX},
			  {run->value[ORDER] ? kind->also : NULL, LONG_MIN, LONG_MAX}},
	};
	return 0;
}

static int arm(struct bench_run *run)
{
	bool swapped = run->kind == &swapped_kind;
	bool lazy = run->kind == &lazy_kind;
	unsigned int w;

	/* What is no longer in the page cache is written again. */
	if (run->kind == &file_kind)
		run->file_len = 0;
	for (w = 0; w < run->threads; w++) {
		if (backed_map(run, share(run), run->value[ORDER], backing(run)))
			return -1;
		if (run->variant->needs & NEED_SWAP)
			area_fill(&run->areas[w]);
		if (lazy) {
			/* What waits in the batch of another CPU would not be given up. */
			area_drain_batches();
			zap_free(&run->areas[w]);
		}
		if ((swapped && area_swap_out(run, &run->areas[w])) ||
		    area_slice(run, &run->areas[w], run->value[VMAS]))
			return -1;
	}
	/* Of one worker too, whom nobody may keep on its CPU. */
	if (run->threads > 1 || run->processes > 1 || run->kind == &file_kind ||
	    run->kind == &free_kind || lazy)
		area_drain_batches();
	return swapped ? child_start(run, run->state) : 0;
}

/* Timed: the call or calls of a worker, about its own share. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct zap_kind *kind = run->kind;

	kind->zap(&run->areas[worker]);
}

static int disarm(struct bench_run *run)
{
	area_unmap_all(run);
	return run->kind == &swapped_kind ? child_end(run, run->state) : 0;
}

const struct bench bench_zap = {
	.name = "zap",
	.path = "zap_pte_range: giving populated memory back",
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
