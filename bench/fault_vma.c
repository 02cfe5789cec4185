// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * First touch of each page of VMAs of every kind: which kinds leave the speculative or per-VMA-lock
 * path, and what that costs. vmstat in the run's record says which path was taken, where the kernel
 * counts it. Mapping and preparing are not timed.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/parts/backed.h"
#include "bench/parts/touch.h"

enum {
	SIZE,
	THREADS,
	PROCESSES,
	AROUND,
	ORDER
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("64M"),
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	[AROUND] = {"fault-around", BENCH_AROUND, "0", NULL, 0, 1L << 30,
		    "*-read of files: what one fault maps at most; 0: as the kernel has it, 64K"},
	[ORDER] = {"order", BENCH_ORDER, "0", NULL, 0, ORDER_PMD,
		   "private-file-read, shared-file-read: folio order of the file"},
	{0},
};

struct vma_kind {
	enum area_backing backing;
	enum area_state before, after;
	void (*touch)(struct touch_span span);
	int advice;	      /* instead, if there is no touch */
	size_t (*step)(void); /* bytes that one fault maps, if not a page */
	const char *policy;
	int (*prepare)(struct bench_run *run, struct bench_area *area);
	bool tables; /* page tables are promised: all to be made, or none if prepare made them */
};

static size_t huge_step(void)
{
	return bench_folio_size(ORDER_PMD);
}

static size_t gigantic_step(void)
{
	return bench_folio_size(ORDER_PUD);
}

static int advise(struct bench_run *run, char *start, size_t len, int advice)
{
	if (!madvise(start, len, advice))
		return 0;
	return bench_fail(run, "madvise(%d): %m", advice);
}

/* The VMA has an anon_vma, its first page table or all, and no page. Of a whole range at once,
 * recent kernels would free the page tables as well (CONFIG_PT_RECLAIM). */
static int with_anon_vma(struct bench_run *run, struct bench_area *area)
{
	const struct vma_kind *kind = run->kind;
	size_t step = kind->tables ? huge_step() : area->len;
	char *p;

	for (p = area->start; p < area->start + area->len; p += step) {
		*(volatile char *)p = 1;
		if (advise(run, p, bench_page_size(), MADV_DONTNEED))
			return -1;
	}
	return 0;
}

/* Each page is a VMA: its neighbours have other advice about fork(). */
static int vma_a_page(struct bench_run *run, struct bench_area *area)
{
	size_t page = bench_page_size();
	char *p;

	for (p = area->start; p < area->start + area->len; p += 2 * page)
		if (advise(run, p, page, MADV_DONTFORK))
			return -1;
	area->vmas = (unsigned int)(area->len / page);
	return 0;
}

#define KIND(before_, after_, touch_, ...) \
	(&(const struct vma_kind){         \
		.before = AREA_##before_, .after = AREA_##after_, .touch = touch_, __VA_ARGS__})
#define WRITE(...) KIND(EMPTY, POPULATED, touch_write, __VA_ARGS__)
#define READ(...)  KIND(EMPTY, POPULATED, touch_read, .step = bench_fault_around, __VA_ARGS__)

/* clang-format off */
static const struct bench_variant variants[] = {
	{"anon", "writes to private anonymous memory; the first fault makes an anon_vma", "page",
	 WRITE(.tables = true), 0},
	{"anon-vma", "writes to private anonymous memory that has an anon_vma", "page",
	 WRITE(.prepare = with_anon_vma), 0},
	{"vma-a-page", "writes to private anonymous memory, each page a VMA without an anon_vma", "page",
	 WRITE(.prepare = vma_a_page), 0},
	{"warm-table",
	 "writes to private anonymous memory that has an anon_vma and page tables", "page",
	 WRITE(.prepare = with_anon_vma, .tables = true), 0},
	{"stack", "writes downwards to a stack, which grows page by page", "page",
	 KIND(EMPTY, POPULATED, touch_write_down, .backing = BACK_STACK), NEED_STACK},
	{"private-file-read", "reads a private mapping of a file in the page cache", "page",
	 READ(.backing = BACK_PRIVATE_FILE), NEED_FILE},
	{"private-file-write",
	 "writes to a private mapping of a file in the page cache: each page is copied", "page",
	 KIND(EMPTY, BASE_PAGES, touch_write, .backing = BACK_PRIVATE_FILE), NEED_FILE},
	{"shared-file-read", "reads a shared mapping of a file in the page cache", "page",
	 READ(.backing = BACK_SHARED_FILE), NEED_FILE},
	{"shared-file-write", "writes to a shared mapping of a file, where no page is dirty", "page",
	 WRITE(.backing = BACK_SHARED_FILE), NEED_FILE},
	{"tmpfs-read", "reads a shared mapping of a file on a tmpfs", "page",
	 READ(.backing = BACK_TMPFS), NEED_TMPFS},
	{"tmpfs-write", "writes to a shared mapping of a file on a tmpfs", "page",
	 WRITE(.backing = BACK_TMPFS), NEED_TMPFS},
	{"memfd-write", "writes to a shared memfd", "page", WRITE(.backing = BACK_MEMFD), 0},
	{"hugetlb", "writes to private hugetlb pages", "page",
	 WRITE(.backing = BACK_HUGETLB, .step = huge_step), NEED_HUGETLB},
	{"hugetlb-pud",
	 "writes to private hugetlb pages that a PUD maps, 1 GiB with base pages of 4 KiB", "page",
	 WRITE(.backing = BACK_HUGETLB, .step = gigantic_step), NEED_HUGETLB_PUD},
	{"interleave", "writes to memory that mbind() interleaves over all nodes", "page",
	 WRITE(.policy = "interleave"), NEED_MEMPOLICY},
	{"bind", "writes to memory that mbind() binds to all nodes", "page",
	 WRITE(.policy = "bind"), NEED_MEMPOLICY},
	{"prefer", "writes to memory for which mbind() prefers a node", "page",
	 WRITE(.policy = "prefer"), NEED_MEMPOLICY},
	{"populate-write", "one MADV_POPULATE_WRITE", "page",
	 KIND(EMPTY, POPULATED, NULL, .advice = MADV_POPULATE_WRITE), NEED_POPULATE},
	{"populate-read", "one MADV_POPULATE_READ: maps the zero page", "page",
	 KIND(EMPTY, ZERO_PAGE, NULL, .advice = MADV_POPULATE_READ), NEED_POPULATE},
	{0},
};
/* clang-format on */

/* Those are about folios of files. */
static bool reads_file(const struct vma_kind *kind)
{
	return kind->touch == touch_read && backed_by_disk(kind->backing);
}

/* What one fault maps of folios that are not larger. */
static size_t around_of(const struct bench_run *run)
{
	const struct vma_kind *kind = run->kind;

	if (run->value[AROUND])
		return (size_t)run->value[AROUND];
	return kind->step ? kind->step() : bench_page_size();
}

/* What one fault maps at most: since 6.18 all of a folio. */
static size_t step_of(const struct bench_run *run)
{
	size_t around = around_of(run), folio = bench_folio_size((int)run->value[ORDER]);

	return around > folio ? around : folio;
}

static unsigned long needs_more(const struct bench_run *run)
{
	return (run->value[AROUND] ? NEED_FAULT_AROUND : 0) |
	       (run->value[ORDER] ? NEED_FILE_ORDER : 0);
}

/* The kernel takes less of other sizes. */
static const char *refuse_around(const struct bench_run *run)
{
	const struct vma_kind *kind = run->kind;
	size_t around = around_of(run);

	if (!run->value[AROUND])
		return NULL;
	if (kind->step != bench_fault_around)
		return "fault-around is for reading files: nothing else is mapped around a fault";
	return around & (around - 1) || around < bench_page_size() || around > huge_step()
		       ? "fault-around is no power of two from a page to what a page table maps"
		       : NULL;
}

static const char *refuse(const struct bench_run *run)
{
	const struct vma_kind *kind = run->kind;
	size_t step = step_of(run);

	if (run->value[ORDER] && !reads_file(kind))
		return "order is for private-file-read and shared-file-read; of anonymous memory "
		       "it is fault's";
	if (refuse_around(run))
		return refuse_around(run);
	if ((size_t)run->value[SIZE] % step || !bench_share(run, step))
		return "size is not a whole number of what one fault maps, one at least for each "
		       "worker";
	if (kind->prepare == vma_a_page &&
	    bench_share(run, step) / bench_page_size() * run->threads > 60000)
		return "size is more than 60000 VMAs of a page, and a process may have 65530";
	return NULL;
}

/* Who writes to a private mapping has a copy of each page, beside that in the page cache. */
static size_t memory(const struct bench_run *run)
{
	const struct vma_kind *kind = run->kind;
	bool copies = kind->backing == BACK_PRIVATE_FILE && kind->touch == touch_write;

	return (size_t)run->value[SIZE] * (copies ? 2 : 1);
}

/* Whether a page is cleared for it, or copied; a file's are in the page cache. */
static bool fills(const struct vma_kind *kind)
{
	if (kind->backing == BACK_PRIVATE_FILE)
		return kind->after == AREA_BASE_PAGES;
	return kind->after != AREA_ZERO_PAGE &&
	       (kind->backing == BACK_ANON || kind->backing == BACK_STACK ||
		kind->backing == BACK_HUGETLB);
}

static int setup(struct bench_run *run)
{
	const struct vma_kind *kind = run->kind;
	size_t step = step_of(run), share = bench_share(run, step);
	long tables = (long)((share + huge_step() - 1) / huge_step() * run->threads);
	long pages = (long)(share / bench_page_size() * run->threads);
	long uncounted = BENCH_STAT_BATCH * (long)run->threads;
	struct bench_move *move = run->promise.moves;

	run->promise = (struct bench_promise){
		.faults = (long)(share / step * run->threads),
		.before = kind->before,
		.after = kind->after,
		.per_count = (double)pages * run->processes,
	};
	if (fills(kind))
		run->promise.bytes = run->promise.per_count * (double)bench_page_size();
	/* What compaction locks just then is not mapped with its neighbours: seen are 1 to 126. */
	if (kind->step == bench_fault_around && step > bench_page_size())
		run->promise.faults_slack =
			4 * (long)(share / around_of(run) * run->threads) - run->promise.faults;
	tables *= kind->prepare ? 0 : (long)bench_page_size() / 1024;
	if (kind->tables)
		*move = (struct bench_move){"status:VmPTE", tables, tables ? LONG_MAX : 0};
	/* Each page was clean: filesystems hear of that, and may have writers wait. */
	if (kind->backing == BACK_SHARED_FILE && !kind->step && bench_written_back())
		*move = (struct bench_move){"vmstat:nr_dirtied", pages - uncounted, LONG_MAX};
	return 0;
}

/* New mappings for every iteration, so that page tables are built anew each time. */
static int arm(struct bench_run *run)
{
	const struct vma_kind *kind = run->kind;
	int huge = kind->step == gigantic_step ? ORDER_PUD : ORDER_PMD;
	int order = kind->backing == BACK_HUGETLB ? huge : (int)run->value[ORDER];
	size_t share = bench_share(run, step_of(run));
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (area_map_as(run, share, order, kind->backing) ||
		    (kind->policy && area_policy(run, &run->areas[w], kind->policy)) ||
		    (kind->prepare && kind->prepare(run, &run->areas[w])))
			return -1;
	return 0;
}

/* Timed: the faults, or the call that takes them all. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct vma_kind *kind = run->kind;
	const struct bench_area *area = &run->areas[worker];

	if (kind->touch)
		kind->touch((struct touch_span){area->start, area->start + area->len,
						bench_page_size()});
	else
		madvise(area->start, area->len, kind->advice);
}

const struct bench bench_fault_vma = {
	.name = "fault-vma",
	.path = "handle_mm_fault: first touch of memory, by the kind of VMA",
	.variants = variants,
	.params = params,
	.tacit = AROUND,
	.refuse = refuse,
	.needs_more = needs_more,
	.memory = memory,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = area_unmap_all,
};
