// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What starting an application asks of the kernel: linkers map libraries as a dynamic linker does,
 * write their relocations and protect what may then be read only, while other threads of the
 * process already fault in memory of their own. Time to ready is a linker's op, from its first call
 * to its last; each fault of the others until then is timed as well. In exec the process is this
 * program, executed for the iteration, and what that takes until main(), its own dynamic linker
 * included, is part of the time to ready; mapping what is to be faulted in and creating threads are
 * not.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/parts/faulter.h"
#include "bench/parts/touch.h"

enum {
	SIZE,
	LIBRARIES,
	LINKERS,
	FAULTERS
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("16M"),
	[LIBRARIES] = {"libraries", BENCH_COUNT, "20", NULL, 1, 10000,
		       "libraries that each linker maps"},
	[LINKERS] = {"linkers", BENCH_THREADS, "1", NULL, 1, 4096, "threads that map libraries"},
	[FAULTERS] = {"faulters", BENCH_THREADS, "1", NULL, 0, 4096,
		      "threads that fault meanwhile"},
	{0},
};

static const struct bench_variant variants[] = {
	{"exec", "executes this program; it maps libraries of 5 VMAs, relocates them, and is ready",
	 "start", NULL, NEED_FILE | NEED_EXEC},
	{"load", "maps libraries of 5 VMAs and relocates them, in a process that is there", "start",
	 NULL, NEED_FILE},
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

/* What runs for the first time in a process that was just executed faults as well. */
#define FRESH 16

static size_t libraries_len(const struct bench_run *run)
{
	return (size_t)run->value[LIBRARIES] * PAGES * bench_page_size();
}

/* Of each faulter; without one, for nobody. */
static size_t share(const struct bench_run *run)
{
	return faulter_share(run->value[SIZE], run->value[FAULTERS] ? run->value[FAULTERS] : 1);
}

static const char *refuse(const struct bench_run *run)
{
	if (run->value[LIBRARIES] * VMAS * run->value[LINKERS] > 60000)
		return "libraries x linkers are more than 12000 of 5 VMAs, and a process may have "
		       "65530";
	return share(run) ? NULL : "size is less than a page for each faulter";
}

/* Of libraries: the file behind them, and the pages of it that a linker writes to. */
static size_t memory(const struct bench_run *run)
{
	size_t written = (size_t)run->value[LIBRARIES] * FAULTS * bench_page_size();

	return (libraries_len(run) + written) * (size_t)run->value[LINKERS] +
	       share(run) * (size_t)run->value[FAULTERS];
}

static int setup(struct bench_run *run)
{
	bool fresh = run->variant->needs & NEED_EXEC;

	run->state = calloc(run->threads, sizeof(struct faulter));
	if (!run->state)
		return bench_fail(run, "out of memory");
	run->stock = faulter_stock(share(run));
	run->promise = (struct bench_promise){
		.faults = run->value[LIBRARIES] * FAULTS,
		.faults_slack = fresh ? FRESH : 0,
		.faults_beside = 1,
		.before = AREA_EMPTY,
		.after = AREA_FILLING,
		.per_count = 1,
	};
	return 0;
}

/* Room for the libraries, whose files are in the page cache, and memory for the faulters. */
static int arm(struct bench_run *run)
{
	unsigned int linkers = (unsigned int)run->value[LINKERS], w;
	struct faulter *faulters = run->state;
	struct bench_area *area;

	for (w = 0; w < run->threads; w++) {
		if (w < linkers ? area_map_as(run, libraries_len(run), 0, BACK_PRIVATE_FILE)
				: area_map(run, share(run), 0))
			return -1;
		faulters[w] = faulter_of(&run->areas[w]);
	}
	for (w = 0; w < linkers; w++) {
		area = &run->areas[w];
		area->before = AREA_UNMAPPED;
		area->after = AREA_MAPPED;
		area->vmas = (unsigned int)run->value[LIBRARIES] * VMAS;
		if (munmap(area->start, area->len))
			return bench_fail(run, "munmap: %m");
	}
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

/* Timed: all calls and faults of a linker, or one fault of a faulter. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct bench_area *area = &run->areas[worker];
	size_t page = bench_page_size(), library = PAGES * page, i;

	if (worker >= (unsigned int)run->value[LINKERS])
		faulter_fault((struct faulter *)run->state + worker);
	else
		for (i = 0; i < area->len; i += library)
			load(run->file, area->start + i, (off_t)(worker * area->len + i), page);
}

static void refill(struct bench_run *run, unsigned int worker)
{
	if (worker >= (unsigned int)run->value[LINKERS])
		faulter_refill((struct faulter *)run->state + worker);
}

const struct bench bench_app_start = {
	.name = "app-start",
	.path = "execve, mmap_region and faults at once: an application that starts",
	.variants = variants,
	.params = params,
	.repeat = REPEAT_BESIDE,
	.refuse = refuse,
	.memory = memory,
	.setup = setup,
	.arm = arm,
	.op = op,
	.refill = refill,
	.disarm = area_unmap_all,
};
