// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mapping memory, writing to each page of it, and unmapping it, again and again: the loop of
 * will-it-scale's page_fault1 (anonymous memory), page_fault2 (a private file) and page_fault3 (a
 * shared file), and timed as one number, as there. Each worker has a place of its own, with free
 * room around it, where will-it-scale lets the kernel look for one and merge neighbours.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "bench/bench.h"
#include "bench/parts/touch.h"

enum {
	SIZE,
	ROUNDS,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("128M"),
	[ROUNDS] = {"rounds", BENCH_COUNT, "1", NULL, 1, 1000000,
		    "times that an op maps, writes and unmaps"},
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

struct cycle_kind {
	enum area_backing backing;
	int flags; /* of mmap() */
};

static const struct cycle_kind anon_kind = {BACK_ANON, MAP_PRIVATE | MAP_ANONYMOUS};
static const struct cycle_kind private_kind = {BACK_PRIVATE_FILE, MAP_PRIVATE};
static const struct cycle_kind shared_kind = {BACK_SHARED_FILE, MAP_SHARED};

static const struct bench_variant variants[] = {
	{"anon", "maps, writes and unmaps anonymous memory, as page_fault1", "fault", &anon_kind,
	 0},
	{"private-file", "maps, writes and unmaps a private mapping of a file, as page_fault2",
	 "fault", &private_kind, NEED_FILE},
	{"shared-file", "maps, writes and unmaps a shared mapping of a file, as page_fault3",
	 "fault", &shared_kind, NEED_FILE},
	{0},
};

/* What one worker maps. Bits that a call should not have returned are or'ed together. */
struct cycle {
	char *start;
	size_t len;
	int flags, fd;
	off_t offset;
	uintptr_t amiss;
} __attribute__((aligned(128)));

static const char *refuse(const struct bench_run *run)
{
	size_t page = bench_page_size();

	if ((size_t)run->value[SIZE] % page || !bench_share(run, page))
		return "size is not a whole number of pages, one at least for each worker";
	return NULL;
}

/* Who writes to a private mapping has a copy of each page, beside that in the page cache. */
static size_t memory(const struct bench_run *run)
{
	return (size_t)run->value[SIZE] * (run->kind == &private_kind ? 2 : 1);
}

static int setup(struct bench_run *run)
{
	size_t page = bench_page_size();
	long pages = (long)(bench_share(run, page) / page * run->threads);

	/* A fault a page, also where huge pages are given to whoever does not ask for them. */
	if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0))
		return bench_fail(run, "prctl(PR_SET_THP_DISABLE): %m");
	run->state = aligned_alloc(_Alignof(struct cycle), run->threads * sizeof(struct cycle));
	run->promise = (struct bench_promise){
		.faults = pages * run->value[ROUNDS],
		.before = AREA_UNMAPPED,
		.after = AREA_UNMAPPED,
		.per_count = (double)pages * (double)run->value[ROUNDS] * run->processes,
	};
	return run->state ? 0 : bench_fail(run, "out of memory");
}

/* Free room for each worker; behind a file the page cache is filled. */
static int arm(struct bench_run *run)
{
	const struct cycle_kind *kind = run->kind;
	struct cycle *cycles = run->state;
	const struct bench_area *area;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (area_map_as(run, bench_share(run, bench_page_size()), 0, kind->backing))
			return -1;
	for (w = 0; w < run->threads; w++) {
		area = &run->areas[w];
		cycles[w] = (struct cycle){
			.start = area->start,
			.len = area->len,
			.flags = kind->flags | MAP_FIXED_NOREPLACE,
			.fd = kind == &anon_kind ? -1 : run->file,
			.offset = kind == &anon_kind ? 0 : (off_t)(w * area->len),
		};
		if (munmap(area->start, area->len))
			return bench_fail(run, "munmap: %m");
	}
	return 0;
}

/* Timed: mmap(), the faults, and munmap(). What is mapped elsewhere takes other faults. */
static void op(struct bench_run *run, unsigned int worker)
{
	struct cycle *at = (struct cycle *)run->state + worker;
	long rounds;
	char *p;

	for (rounds = run->value[ROUNDS]; rounds && !at->amiss; rounds--) {
		p = mmap(at->start, at->len, PROT_READ | PROT_WRITE, at->flags, at->fd, at->offset);
		at->amiss = (uintptr_t)p ^ (uintptr_t)at->start;
		if (at->amiss)
			break;
		touch_write((struct touch_span){p, p + at->len, bench_page_size()});
		at->amiss = (uintptr_t)munmap(p, at->len);
	}
}

static int disarm(struct bench_run *run)
{
	const struct cycle *cycles = run->state;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (cycles[w].amiss)
			return bench_fail(run, "mmap() or munmap() was refused in a round");
	return area_unmap_all(run);
}

const struct bench bench_cycle = {
	.name = "cycle",
	.path = "mmap, do_anonymous_page, zap: memory mapped, written to and unmapped in a loop",
	.variants = variants,
	.params = params,
	.refuse = refuse,
	.memory = memory,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
