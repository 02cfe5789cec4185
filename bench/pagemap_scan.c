// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PAGEMAP_SCAN: which pages of memory were written to since they were write-protected, as who takes
 * snapshots asks, with and without protecting them again in the same pass. Mapping, populating and
 * registering with userfaultfd are not timed.
 */
#include <stdlib.h>

#include "bench/bench.h"
#include "bench/parts/scan.h"
#include "bench/parts/uffd.h"

enum {
	SIZE,
	ORDER,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("256M"),
	[ORDER] = BENCH_PARAM_ORDER,
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

struct scan_kind {
	uint64_t flags;
	bool clean; /* nothing was written to */
};

static const struct scan_kind get = {0};
static const struct scan_kind clean = {.clean = true};
static const struct scan_kind protect = {SCAN_WP, false};

static const struct bench_variant variants[] = {
	{"get", "says which pages were written to: all of them", "call", &get, 0},
	{"clean", "says which pages were written to: none", "call", &clean, 0},
	{"write-protect", "says which were written to, all, and write-protects them", "call",
	 &protect, 0},
	{0},
};

struct scan_state {
	int fd, pagemap;
	struct scanned of[]; /* of each worker */
};

static int setup(struct bench_run *run)
{
	struct scan_state *state = calloc(1, sizeof(*state) + run->threads * sizeof(state->of[0]));

	run->state = state;
	if (!state)
		return bench_fail(run, "out of memory");
	state->fd = uffd_open(UFFD_WP_ASYNC | UFFD_WP_UNPOPULATED);
	state->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (state->fd < 0 || state->pagemap < 0)
		return bench_fail(run, "userfaultfd or pagemap: %m");
	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = AREA_POPULATED,
		.per_count = (double)run->threads * run->processes,
	};
	return 0;
}

static int arm_area(struct bench_run *run, struct bench_area *area)
{
	const struct scan_kind *kind = run->kind;
	const struct scan_state *state = run->state;
	struct uffdio_register ask = {.range = {(uintptr_t)area->start, area->len},
				      .mode = UFFDIO_REGISTER_MODE_WP};
	struct scanned scanned;

	if (area_populate(run, area))
		return -1;
	if (ioctl(state->fd, UFFDIO_REGISTER, &ask))
		return bench_fail(run, "UFFDIO_REGISTER: %m");
	if (!kind->clean)
		return 0;
	scan(state->pagemap, area->start, area->len, SCAN_WP, &scanned);
	return scanned.regions < 0 ? bench_fail(run, "PAGEMAP_SCAN: %m") : 0;
}

static int arm(struct bench_run *run)
{
	size_t share = bench_share(run, bench_folio_size((int)run->value[ORDER]));
	struct scan_state *state = run->state;
	unsigned int w;

	for (w = 0; w < run->threads; w++) {
		state->of[w] = (struct scanned){0};
		if (area_map(run, share, (int)run->value[ORDER]) || arm_area(run, &run->areas[w]))
			return -1;
	}
	return 0;
}

/* Timed: the call of a worker, about its own share. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct scan_kind *kind = run->kind;
	struct scan_state *state = run->state;
	const struct bench_area *area = &run->areas[worker];

	scan(state->pagemap, area->start, area->len, kind->flags, &state->of[worker]);
}

/* What the op said, and whether pages are protected now. */
static int check(struct bench_run *run, unsigned int worker)
{
	const struct scan_kind *kind = run->kind;
	const struct scan_state *state = run->state;
	const struct bench_area *area = &run->areas[worker];
	size_t bytes = state->of[worker].regions > 0 ? state->of[worker].bytes : 0;
	size_t page = bench_page_size(), wanted = kind->clean ? 0 : area->len;

	if (state->of[worker].seen != area->len)
		return bench_fail(run, "PAGEMAP_SCAN: %zu of %zu bytes were looked at",
				  state->of[worker].seen, area->len);
	if (bytes != wanted)
		return bench_fail(run, "PAGEMAP_SCAN: %zu of %zu bytes were written to, it says",
				  bytes, wanted);
	wanted = kind == &get ? 0 : area->len / page;
	if (uffd_protected(area->start, area->len) != wanted)
		return bench_fail(run, "PAGEMAP_SCAN: other pages than %zu are write-protected",
				  wanted);
	return 0;
}

static int disarm(struct bench_run *run)
{
	return area_unmap_checked(run, check);
}

const struct bench bench_pagemap_scan = {
	.name = "pagemap-scan",
	.path = "pagemap_scan_pmd_entry: pages that were written to, told and write-protected",
	.variants = variants,
	.params = params,
	.needs = NEED_PAGEMAP_SCAN,
	.refuse = bench_refuse_share,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
