// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faulting threads against threads that change the address space, in one mm, in a set ratio.
 * Faulters touch fresh pages of a VMA of their own; writers take mmap_lock for writing again and
 * again. Every single operation is timed, on both sides. Without faulters it shows the writers'
 * pure cost, without writers the faulters'.
 */
#include "bench/bench.h"
#include "bench/parts/faulter.h"
#include "bench/parts/writers.h"

enum {
	SIZE,
	FAULTERS,
	WRITERS,
	TIME
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("64M"),
	[FAULTERS] = {"faulters", BENCH_THREADS, "1", NULL, 0, 4096, "threads that fault"},
	[WRITERS] = {"writers", BENCH_THREADS, "1", NULL, 0, 4096, "threads that change the mm"},
	[TIME] = {"time", BENCH_MS, "200", NULL, 1, 600000, "length of an iteration, ms"},
	{0},
};

/* One worker's own data, on a cache line of its own. */
struct contender {
	struct faulter faulter;
	struct place at; /* writer: where it works */
} __attribute__((aligned(128)));

static void write_mmap_touch(struct place *at)
{
	at->amiss[0] |= astray(map_at(at->start, at->len, MAP_FIXED_NOREPLACE), at->start);
	*(volatile char *)at->start = 1;
	at->amiss[1] |= (uintptr_t)munmap(at->start, at->len);
}

static void write_mprotect(struct place *at)
{
	at->amiss[0] |= (uintptr_t)mprotect(at->start, at->len, PROT_READ);
	at->amiss[1] |= (uintptr_t)mprotect(at->start, at->len, PROT_READ | PROT_WRITE);
}

static int place_populated(struct bench_run *run, struct place *at)
{
	return place_page(run, at) ? -1 : area_populate(run, &run->areas[run->nr_areas - 1]);
}

static const struct bench_variant variants[] = {
	{"mmap", "writers: mmap() and munmap() of one page", "fault",
	 WRITER(write_mmap, place_hole, "mmap", "munmap"), 0},
	{"mmap-touch",
	 "writers: mmap(), one write, munmap(): page tables are freed under the faults", "fault",
	 WRITER(write_mmap_touch, place_hole, "mmap", "munmap"), 0},
	{"mprotect", "writers: mprotect() to read-only and back of one populated page", "fault",
	 WRITER(write_mprotect, place_populated, "mprotect", "mprotect"), 0},
	{"brk", "the writer: grows the heap by one page and shrinks it again", "fault",
	 WRITER(write_brk, place_heap, "brk", "brk"), 0},
	{0},
};

static size_t share_of(const struct bench_run *run)
{
	return faulter_share(run->value[SIZE], run->value[FAULTERS]);
}

static const char *refuse(const struct bench_run *run)
{
	const struct writer *writer = run->kind;

	if (!run->threads)
		return "faulters=0 and writers=0 leave nobody to measure";
	if (writer->round == write_brk && run->value[WRITERS] > 1)
		return "a process has one heap, so brk takes at most writers=1";
	if (run->value[FAULTERS] && !share_of(run))
		return "size is less than a page for each faulter";
	return NULL;
}

static int setup(struct bench_run *run)
{
	size_t share = share_of(run);
	struct contender *of;
	unsigned int w;

	run->state = of = aligned_alloc(_Alignof(struct contender), run->threads * sizeof(*of));
	if (!of)
		return bench_fail(run, "out of memory");
	for (w = 0; w < run->threads; w++) {
		if (bench_role(run, w) != 0) {
			if (place_writer(run, run->kind, &of[w].at))
				return -1;
			continue;
		}
		if (area_map(run, share, 0))
			return -1;
		of[w].faulter = faulter_of(&run->areas[w]);
	}
	run->stock = faulter_stock(share);
	run->promise =
		(struct bench_promise){.faults = run->value[FAULTERS] ? 1 : 0, .per_count = 1};
	return 0;
}

/* Timed: one fault, or one round of the writer's calls. */
static void op(struct bench_run *run, unsigned int worker)
{
	struct contender *self = (struct contender *)run->state + worker;
	const struct writer *writer = run->kind;

	if (worker < (unsigned int)run->value[FAULTERS])
		faulter_fault(&self->faulter);
	else
		writer->round(&self->at);
}

static void refill(struct bench_run *run, unsigned int worker)
{
	struct contender *self = (struct contender *)run->state + worker;

	if (worker < (unsigned int)run->value[FAULTERS])
		faulter_refill(&self->faulter);
}

static int disarm(struct bench_run *run)
{
	const struct contender *of = run->state;
	unsigned int w;

	for (w = (unsigned int)run->value[FAULTERS]; w < run->threads; w++)
		if (check_writer(run, &of[w].at))
			return -1;
	return 0;
}

const struct bench bench_contend = {
	.name = "contend",
	.path = "mmap_lock and per-VMA locks: faults against changes of the address space",
	.variants = variants,
	.params = params,
	.repeat = REPEAT_TIME,
	.refuse = refuse,
	.setup = setup,
	.op = op,
	.refill = refill,
	.disarm = disarm,
};
