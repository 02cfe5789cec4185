// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * First touch of memory of a file that is not in the page cache: major faults, each of which has
 * the page, or what readahead takes with it, read from a disk. That is a block device which is
 * written once; mapping it, and dropping its page cache before, are not timed. How long its reading
 * takes is that of the device: faultbench makes one of compressed memory (zram), which has no
 * queue; or, of a latency, one of null_blk, whose requests a timer ends when that is over.
 */
#include <string.h>
#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/parts/touch.h"

enum {
	SIZE,
	LATENCY,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("16M"),
	[LATENCY] = {"latency", BENCH_LATENCY, "0", NULL, 0, 1000000,
		     "of a request to the disk, us; 0: what reading it from memory takes"},
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

#define REFAULTS "vmstat:workingset_refault_file" /* since 5.9 */

struct cold_kind {
	int advice;
	bool each;  /* page is read by itself */
	bool exec;  /* it may be executed */
	bool again; /* it was in memory, and was reclaimed */
};

static const struct cold_kind random_kind = {.advice = MADV_RANDOM, .each = true};
static const struct cold_kind normal_kind = {.advice = MADV_NORMAL};
static const struct cold_kind sequential_kind = {.advice = MADV_SEQUENTIAL};
static const struct cold_kind exec_kind = {.advice = MADV_NORMAL, .exec = true};
static const struct cold_kind refault_kind = {.advice = MADV_RANDOM, .each = true, .again = true};

static const struct bench_variant variants[] = {
	{"random",
	 "reads each page, advised to come in no order: one is read from the disk at a time",
	 "page", &random_kind, 0},
	{"normal", "reads each page without advice: others around are read with it", "page",
	 &normal_kind, 0},
	{"sequential", "reads each page, advised to come in order: the next ones are read ahead",
	 "page", &sequential_kind, 0},
	{"exec", "reads each page of what may be executed, as code of a program is", "page",
	 &exec_kind, 0},
	{"refault",
	 "reads each page, advised to come in no order, of what was reclaimed a moment ago", "page",
	 &refault_kind, 0},
	{0},
};

/* In the page cache, and compressed on the device. */
static size_t memory(const struct bench_run *run)
{
	return 2 * (size_t)run->value[SIZE];
}

static const char *refuse(const struct bench_run *run)
{
	return (size_t)run->value[SIZE] % bench_page_size() ? "size is not a whole number of pages"
							    : bench_refuse_share(run);
}

/* While a request is under way the CPU is anybody's. */
static unsigned long needs_more(const struct bench_run *run)
{
	return run->value[LATENCY] ? NEED_SLOW_BLOCK | NEED_TASKS : 0;
}

static size_t share(const struct bench_run *run)
{
	return bench_share(run, bench_page_size());
}

static int setup(struct bench_run *run)
{
	const struct cold_kind *kind = run->kind;
	bool alone = run->threads * run->processes == 1;
	long pages = (long)(share(run) / bench_page_size() * run->threads);
	long faults = kind->each ? pages : run->threads;

	run->promise = (struct bench_promise){
		.faults = faults,
		.faults_slack = pages - faults,
		.before = AREA_UNCACHED,
		.after = AREA_THERE,
		.per_count = (double)pages * run->processes,
		/* What is read ahead may be the share of another worker. */
		.moves = {{"major-faults", kind->each || alone ? faults : 0, pages}},
	};
	if (kind->again)
		run->promise.moves[1] = (struct bench_move){
			REFAULTS, pages - BENCH_STAT_BATCH * (long)run->threads, LONG_MAX};
	return 0;
}

/* A worker's part of the device, none of which is in memory. */
static int map_part(struct bench_run *run)
{
	const struct cold_kind *kind = run->kind;
	struct bench_area *area;

	if (area_map_as(run, share(run), 0, BACK_BLOCK))
		return -1;
	area = &run->areas[run->nr_areas - 1];
	area->mark = kind->exec ? "ex" : NULL;
	if (kind->exec && mprotect(area->start, area->len, PROT_READ | PROT_EXEC))
		return bench_fail(run, "mprotect(PROT_EXEC): %m: /dev is mounted noexec?");
	return madvise(area->start, area->len, kind->advice)
		       ? bench_fail(run, "madvise(%d): %m", kind->advice)
		       : 0;
}

/* The kernel keeps note of what it has reclaimed. */
static int reclaim(struct bench_run *run)
{
	const struct bench_area *area;
	unsigned int w;

	for (w = 0; w < run->threads; w++) {
		area = &run->areas[w];
		touch_read((struct touch_span){area->start, area->start + area->len,
					       bench_page_size()});
		if (area_swap_out(run, area))
			return -1;
	}
	return 0;
}

static int arm(struct bench_run *run)
{
	const struct cold_kind *kind = run->kind;
	size_t len = run->threads * share(run), from = run->process * len;
	unsigned int w;

	/* Those of the processes before it are theirs. */
	run->file_used = from;
	if (run->file_len < run->file_used)
		run->file_len = run->file_used;
	for (w = 0; w < run->threads; w++)
		if (map_part(run))
			return -1;
	return kind->again ? reclaim(run) : area_drop_cache(run, from, len);
}

/* Timed: the faults. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct bench_area *area = &run->areas[worker];

	touch_read((struct touch_span){area->start, area->start + area->len, bench_page_size()});
}

const struct bench bench_fault_cold = {
	.name = "fault-cold",
	.path = "filemap_fault, page_cache_ra_order: first touch of a file that is not in memory",
	.variants = variants,
	.params = params,
	.needs = NEED_BLOCK,
	.tacit = LATENCY,
	.needs_more = needs_more,
	.refuse = refuse,
	.memory = memory,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = area_unmap_all,
};
