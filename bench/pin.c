// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pins of many pages: what direct I/O, RDMA and io_uring have the kernel take (FOLL_PIN), by each
 * worker of its own memory, so that, of one, each call can be counted. Of another process's memory,
 * as of one's own here, it is by page tables under mmap_lock, and given up again; of buffers that
 * stay pinned (FOLL_LONGTERM) it is without that lock where it can be, and giving them up is not
 * timed. Mapping, populating and writing to each page are not timed.
 */
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/parts/pinner.h"
#include "bench/parts/ring.h"

enum {
	SIZE,
	ORDER,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("64M"),
	[ORDER] = BENCH_PARAM_ORDER,
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

/* Of a worker. */
struct pin_state {
	struct pinner pinner;
	int ring;
	int result; /* of the last op */
} __attribute__((aligned(128)));

struct pin_kind {
	void (*pin)(struct pin_state *state, const struct bench_area *area);
	bool stays; /* until it is taken back */
};

static void pin_readv(struct pin_state *state, const struct bench_area *area)
{
	pin_read(&state->pinner, area);
}

static void pin_register(struct pin_state *state, const struct bench_area *area)
{
	state->result = ring_pin(state->ring, area);
}

static const struct pin_kind readv_kind = {pin_readv, false};
static const struct pin_kind register_kind = {pin_register, true};

static const struct bench_variant variants[] = {
	{"readv", "process_vm_readv() of a byte of each page, 512 with a call", "page", &readv_kind,
	 NEED_READV},
	{"register", "registers all of it with io_uring, with one call", "page", &register_kind,
	 NEED_IO_URING | NEED_MEMLOCK},
	{0},
};

static size_t share(const struct bench_run *run)
{
	return bench_share(run, bench_folio_size((int)run->value[ORDER]));
}

static const char *refuse(const struct bench_run *run)
{
	const struct pin_kind *kind = run->kind;

	if ((size_t)run->value[SIZE] % bench_folio_size((int)run->value[ORDER]))
		return "size is not a whole number of folios";
	return kind->stays && share(run) > BUFFERS * MOST_OF_BUFFER
		       ? "size is more than io_uring's buffers can have here, 64 GiB"
		       : bench_refuse_share(run);
}

/* What one worker has. */
static int prepare(struct bench_run *run, struct pin_state *state)
{
	const struct pin_kind *kind = run->kind;

	*state = (struct pin_state){.ring = kind->stays ? ring_open() : -1};
	if (kind->stays && state->ring < 0)
		return bench_fail(run, "io_uring_setup: %m");
	if (area_map(run, share(run), (int)run->value[ORDER]) ||
	    area_populate(run, &run->areas[run->nr_areas - 1]))
		return -1;
	area_fill(&run->areas[run->nr_areas - 1]);
	return 0;
}

static int setup(struct bench_run *run)
{
	struct pin_state *states =
		aligned_alloc(_Alignof(struct pin_state), run->threads * sizeof(struct pin_state));
	long pages = (long)(share(run) / bench_page_size() * run->threads);
	long uncounted = BENCH_STAT_BATCH * (long)run->threads;
	unsigned int w;

	run->state = states;
	if (!states)
		return bench_fail(run, "out of memory");
	for (w = 0; w < run->threads; w++)
		if (prepare(run, &states[w]))
			return -1;
	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = AREA_POPULATED,
		.per_count = (double)pages * run->processes,
		.moves = {{"vmstat:nr_foll_pin_acquired", pages - uncounted, LONG_MAX}},
	};
	return 0;
}

static int arm(struct bench_run *run)
{
	struct pin_state *states = run->state;
	unsigned int w;

	for (w = 0; w < run->threads; w++) {
		memset(states[w].pinner.bytes, 0, sizeof(states[w].pinner.bytes));
		states[w].result = -1;
	}
	return 0;
}

/* Timed: the calls that pin, and, of readv, give up again. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct pin_kind *kind = run->kind;

	kind->pin((struct pin_state *)run->state + worker, &run->areas[worker]);
}

/* That a worker's op has pinned its memory; gives it back if it still is. */
static int check(struct bench_run *run, const struct pin_state *state)
{
	const struct pin_kind *kind = run->kind;
	size_t pages = share(run) / bench_page_size(), last = pages % PINNER_BATCH;

	if (kind->stays && state->result)
		return bench_fail(run, "io_uring has not registered the memory");
	if (kind->stays)
		return ring_unpin(state->ring)
			       ? bench_fail(run, "io_uring does not give the memory back: %m")
			       : 0;
	/* What the last call has read is what each page was written. */
	return strspn(state->pinner.bytes, "\1") >= (last ? last : 1)
		       ? 0
		       : bench_fail(run, "process_vm_readv() has not read the memory");
}

static int disarm(struct bench_run *run)
{
	const struct pin_state *states = run->state;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (check(run, &states[w]))
			return -1;
	return 0;
}

const struct bench bench_pin = {
	.name = "pin",
	.path = "gup_fast_fallback, follow_page_mask: pins of many pages",
	.variants = variants,
	.params = params,
	.tacit = THREADS,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
