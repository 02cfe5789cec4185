// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes of the address space without a single fault, in a process that has many VMAs: what
 * work on faults must not make slower. The VMAs are made once and are not timed.
 */
#include "bench/bench.h"
#include "bench/parts/writers.h"

enum {
	VMAS,
	ROUNDS,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[VMAS] = BENCH_PARAM_VMAS,
	[ROUNDS] = {"rounds", BENCH_COUNT, "1000", NULL, 1, 10000000, "rounds of each worker"},
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

static const struct bench_variant variants[] = {
	{"mmap", "maps and unmaps a page where there is none", "round",
	 WRITER(write_mmap, place_hole, "mmap", "munmap"), 0},
	{"mmap-search", "maps and unmaps a page where the kernel finds room", "round",
	 WRITER(write_mmap_search, place_nowhere, "mmap", "munmap"), 0},
	{"mmap-over", "maps a page over a mapped one, with one call", "round",
	 WRITER(write_mmap_over, place_page, "mmap"), 0},
	{"punch", "unmaps a page in the middle of a VMA and maps it again", "round",
	 WRITER(write_punch, place_inside, "munmap", "mmap"), 0},
	{"brk", "grows the heap by a page and shrinks it again", "round",
	 WRITER(write_brk, place_heap, "brk", "brk"), 0},
	{"mprotect", "merges three VMAs and splits them again, by the protection of the middle one",
	 "round", WRITER(write_merge_split, place_middle, "mprotect", "mprotect"), 0},
	{0},
};

static const char *refuse(const struct bench_run *run)
{
	const struct writer *writer = run->kind;

	if (writer->round == write_brk && run->value[THREADS] > 1)
		return "a process has one heap, so brk takes threads=1; processes may be more";
	return NULL;
}

static int setup(struct bench_run *run)
{
	struct place *at = aligned_alloc(_Alignof(struct place), run->threads * sizeof(*at));
	unsigned int w;

	run->state = at;
	if (!at)
		return bench_fail(run, "out of memory");
	for (w = 0; w < run->threads; w++)
		if (place_writer(run, run->kind, &at[w]))
			return -1;
	run->promise = (struct bench_promise){
		.before = AREA_EMPTY,
		.after = AREA_EMPTY,
		.per_count = (double)run->value[ROUNDS] * run->threads * run->processes,
	};
	return map_crowd(run, (unsigned int)run->value[VMAS]);
}

/* Timed: the calls, nothing else. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct writer *writer = run->kind;
	struct place *at = (struct place *)run->state + worker;
	long rounds;

	for (rounds = run->value[ROUNDS]; rounds; rounds--)
		writer->round(at);
}

static int disarm(struct bench_run *run)
{
	const struct place *at = run->state;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (check_writer(run, &at[w]))
			return -1;
	return 0;
}

const struct bench bench_writer = {
	.name = "writer",
	.path = "vma_merge, split_vma, mas_store: the address space changed, without faults",
	.variants = variants,
	.params = params,
	.refuse = refuse,
	.setup = setup,
	.op = op,
	.disarm = disarm,
};
