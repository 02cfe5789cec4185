// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What starting an application asks of the kernel: one thread maps libraries as a dynamic linker
 * does, writes its relocations and protects what may then be read only, while the others already
 * fault in memory of their own. An op ends when all are ready. No program is executed.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/touch.h"

enum {
	SIZE,
	LIBRARIES,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("16M"),
	[LIBRARIES] = {"libraries", BENCH_COUNT, "20", NULL, 1, 10000,
		       "libraries that the first thread of each process maps"},
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

static const struct bench_variant variants[] = {
	{"start", "maps libraries of 5 VMAs and relocates them; the other threads fault meanwhile",
	 "start", NULL, NEED_FILE},
	{0},
};

/* The pages of a library, and the VMAs: text, hole, read-only after relocation, data, bss. */
enum {
	TEXT = 0,
	HOLE = 8,
	RELRO = 11,
	DATA = 12,
	BSS = 14,
	PAGES = 16
};

#define VMAS   5
#define FAULTS (1 + (BSS - RELRO) + 1) /* the first page of text, all of data, one of bss */

/* Bytes that each thread but the first faults in. */
static size_t share(const struct bench_run *run)
{
	size_t faulters = run->threads > 1 ? run->threads - 1 : 1;
	size_t bytes = (size_t)run->value[SIZE] / run->processes / faulters;

	return bytes - bytes % bench_page_size();
}

static const char *refuse(const struct bench_run *run)
{
	return share(run) ? NULL : "size is less than a page for each thread that faults";
}

static int setup(struct bench_run *run)
{
	long pages = (long)(share(run) / bench_page_size()) * (run->threads - 1);

	run->promise = (struct bench_promise){
		.faults = run->value[LIBRARIES] * FAULTS + pages,
		.before = AREA_EMPTY,
		.after = AREA_POPULATED,
		.per_count = run->processes,
	};
	return 0;
}

/* A place for the libraries, whose files are in the page cache, and memory for the other threads.
 */
static int arm(struct bench_run *run)
{
	size_t len = (size_t)run->value[LIBRARIES] * PAGES * bench_page_size();
	unsigned int w;

	if (area_map_as(run, len, 0, BACK_PRIVATE_FILE))
		return -1;
	run->areas[0].before = AREA_UNMAPPED;
	run->areas[0].after = AREA_MAPPED;
	run->areas[0].vmas = (unsigned int)run->value[LIBRARIES] * VMAS;
	for (w = 1; w < run->threads; w++)
		if (area_map(run, share(run), 0))
			return -1;
	if (munmap(run->areas[0].start, len))
		return bench_fail(run, "munmap: %s", strerror(errno));
	return 0;
}

/* As ld.so does: all of the file, then over it what is not to be as the whole is. */
static void load(int file, char *at, off_t offset, size_t page)
{
	mmap(at, PAGES * page, PROT_READ, MAP_PRIVATE | MAP_FIXED_NOREPLACE, file, offset);
	mprotect(at + HOLE * page, (RELRO - HOLE) * page, PROT_NONE);
	mmap(at + RELRO * page, (BSS - RELRO) * page, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_FIXED, file, offset + RELRO * (off_t)page);
	mmap(at + BSS * page, (PAGES - BSS) * page, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	touch_read((struct touch_span){at, at + page, page});
	touch_write((struct touch_span){at + RELRO * page, at + (BSS + 1) * page, page});
	mprotect(at + RELRO * page, (DATA - RELRO) * page, PROT_READ);
}

/* Timed: all calls and faults of one thread. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct bench_area *area = &run->areas[worker];
	size_t page = bench_page_size(), i, library = PAGES * page;

	if (worker)
		touch_write((struct touch_span){area->start, area->start + area->len, page});
	else
		for (i = 0; i < area->len; i += library)
			load(run->file, area->start + i, (off_t)i, page);
}

const struct bench bench_app_start = {
	.name = "app-start",
	.path = "mmap_region and faults at once: an application that starts",
	.variants = variants,
	.params = params,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = area_unmap_all,
};
