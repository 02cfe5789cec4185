// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * process_madvise(): advice about many ranges with one call. All of the memory is advised, page by
 * page, in calls of so many ranges of a page each; with one a call it is zap/pte-dontneed by
 * another system call. Mapping and populating are not timed.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bench/bench.h"

enum {
	SIZE,
	IOVECS,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("256M"),
	[IOVECS] = {"iovecs", BENCH_COUNT, "64", NULL, 1, 1024, "ranges of a page in one call"},
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

struct advice_kind {
	int advice;
	enum area_state after;
	const char *what; /* vmstat counts it, once a page */
};

static const struct advice_kind dontneed_kind = {MADV_DONTNEED, AREA_EMPTY, NULL};
static const struct advice_kind free_kind = {MADV_FREE, AREA_LAZY_FREE, "vmstat:pglazyfree"};

static const struct bench_variant variants[] = {
	{"dontneed", "drops all of it, so many pages with each call", "page", &dontneed_kind, 0},
	{"free", "gives all of it up by MADV_FREE, so many pages with each call", "page",
	 &free_kind, 0},
	{0},
};

/* The ranges of one worker, all of them, and what its calls said: bytes. */
struct advised {
	struct iovec *ranges;
	size_t nr;
	ssize_t bytes;
} __attribute__((aligned(128)));

struct advise_state {
	int self;
	struct advised of[];
};

static const char *refuse(const struct bench_run *run)
{
	if (bench_share(run, bench_page_size()) / bench_page_size() < (size_t)run->value[IOVECS])
		return "iovecs are more than a worker's share has pages";
	return NULL;
}

static int setup(struct bench_run *run)
{
	const struct advice_kind *kind = run->kind;
	size_t bytes = sizeof(struct advise_state) + run->threads * sizeof(struct advised);
	struct advise_state *state = aligned_alloc(128, bytes + -bytes % 128);
	size_t pages = bench_share(run, bench_page_size()) / bench_page_size();
	long all = (long)pages * run->threads;
	unsigned int w;

	run->state = state;
	for (w = 0; state && w < run->threads; w++) {
		state->of[w] = (struct advised){.ranges = calloc(pages, sizeof(struct iovec)),
						.nr = pages};
		state = state->of[w].ranges ? state : NULL;
	}
	if (!state)
		return bench_fail(run, "out of memory");
	state->self = (int)syscall(SYS_pidfd_open, getpid(), 0);
	if (state->self < 0)
		return bench_fail(run, "pidfd_open: %m");
	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = kind->after,
		.per_count = (double)all * run->processes,
		.moves = {{kind->what, all - BENCH_LRU_BATCH * (long)run->threads, LONG_MAX}},
	};
	return 0;
}

static int arm(struct bench_run *run)
{
	const struct advice_kind *kind = run->kind;
	struct advise_state *state = run->state;
	size_t page = bench_page_size(), i;
	struct advised *of;
	unsigned int w;

	for (w = 0; w < run->threads; w++) {
		of = &state->of[w];
		if (area_map(run, of->nr * page, 0) || area_populate(run, &run->areas[w]))
			return -1;
		for (i = 0; i < of->nr; i++)
			of->ranges[i] = (struct iovec){run->areas[w].start + i * page, page};
		of->bytes = 0;
	}
	/* What waits in the batch of another CPU would not be given up. */
	if (run->threads > 1 || run->processes > 1 || kind->after == AREA_LAZY_FREE)
		area_drain_batches();
	return 0;
}

/* Timed: the calls of a worker, about its own share. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct advice_kind *kind = run->kind;
	struct advise_state *state = run->state;
	struct advised *of = &state->of[worker];
	size_t nr = (size_t)run->value[IOVECS], i;

	for (i = 0; i < of->nr; i += nr)
		of->bytes += syscall(SYS_process_madvise, state->self, &of->ranges[i],
				     of->nr - i < nr ? of->nr - i : nr, kind->advice, 0);
}

static int disarm(struct bench_run *run)
{
	struct advise_state *state = run->state;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (state->of[w].bytes != (ssize_t)run->areas[w].len)
			return bench_fail(run, "process_madvise: %zd of %zu bytes were advised",
					  state->of[w].bytes, run->areas[w].len);
	return area_unmap_all(run);
}

const struct bench bench_process_madvise = {
	.name = "process-madvise",
	.path = "process_madvise: advice about many ranges with one call",
	.variants = variants,
	.params = params,
	.needs = NEED_ADVISE_SELF,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
