// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that each map a VMA and write one byte to each of its pages, again and again, in one mm:
 * threaded, address-space intensive and fault intensive at the same time. The form of the
 * speculative page fault series' spf_test (2019): T threads, V VMAs each, P pages each. Unmapping
 * is not timed.
 */
#include <string.h>
#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/parts/touch.h"

enum {
	MAPS,
	PAGES,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[MAPS] = {"maps", BENCH_COUNT, "2", NULL, 1, 30000, "VMAs that each thread makes"},
	[PAGES] = {"pages", BENCH_COUNT, "10", NULL, 1, 511, "pages of each of them"},
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

static const struct bench_variant variants[] = {
	{"write", "maps a VMA and writes a byte to each of its pages, VMA after VMA", "page", NULL,
	 0},
	{0},
};

static const char *refuse(const struct bench_run *run)
{
	if (run->value[MAPS] * run->value[THREADS] > 60000)
		return "maps x threads are more than 60000 VMAs, and a process may have 65530";
	return NULL;
}

static size_t memory(const struct bench_run *run)
{
	return (size_t)(run->value[MAPS] * run->value[PAGES]) * bench_page_size() * run->threads *
	       run->processes;
}

static int setup(struct bench_run *run)
{
	long pages = run->value[MAPS] * run->value[PAGES] * run->threads;

	run->promise = (struct bench_promise){
		.faults = pages,
		.before = AREA_UNMAPPED,
		.after = AREA_POPULATED,
		.per_count = (double)pages * run->processes,
	};
	return 0;
}

/* Free room for each worker, in page tables of its own. */
static int arm(struct bench_run *run)
{
	size_t len = (size_t)(run->value[MAPS] * run->value[PAGES]) * bench_page_size();
	struct bench_area *area;
	unsigned int w;

	for (w = 0; w < run->threads; w++) {
		if (area_map(run, len, 0))
			return -1;
		run->areas[w].vmas = (unsigned int)run->value[MAPS];
	}
	for (w = 0; w < run->threads; w++) {
		area = &run->areas[w];
		if (munmap(area->start, area->len))
			return bench_fail(run, "munmap: %m");
	}
	return 0;
}

/*
 * Timed: the mmap() calls and the faults. Every second VMA does without a reservation of memory,
 * which nothing else sees, so that neighbours are not merged into one.
 */
static void op(struct bench_run *run, unsigned int worker)
{
	size_t page = bench_page_size(), len = (size_t)run->value[PAGES] * page;
	char *p = run->areas[worker].start;
	long i;

	for (i = 0; i < run->value[MAPS]; i++, p += len) {
		mmap(p, len, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE |
			     (i & 1 ? MAP_NORESERVE : 0),
		     -1, 0);
		touch_write((struct touch_span){p, p + len, page});
	}
}

const struct bench bench_vma_touch = {
	.name = "vma-touch",
	.path = "mmap and first touch at once: mmap_lock taken for both, by many threads",
	.variants = variants,
	.params = params,
	.refuse = refuse,
	.memory = memory,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = area_unmap_all,
};
