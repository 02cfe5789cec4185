// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fork() of a process with populated memory. Only the parent's time inside fork() is timed. The
 * child does nothing but wait to be killed; the harness's scheduling keeps it off the CPU of the
 * parent until the clock has stopped.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/parts/backed.h"
#include "bench/parts/child.h"
#include "bench/parts/ring.h"

enum {
	SIZE,
	ORDER,
	THREADS,
	PROCESSES,
	BACKING
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("1G"), [ORDER] = BENCH_PARAM_ORDER,
	[THREADS] = BENCH_PARAM_THREADS, [PROCESSES] = BENCH_PARAM_PROCESSES,
	[BACKING] = BENCH_PARAM_BACKING, {0},
};

struct fork_kind {
	int advice; /* about every second 2 MiB, or 0 */
	bool pinned;
};

static const struct fork_kind plain = {0};
static const struct fork_kind dontfork = {.advice = MADV_DONTFORK};
static const struct fork_kind wipeonfork = {.advice = MADV_WIPEONFORK};
static const struct fork_kind pinned = {.pinned = true};

static const struct bench_variant variants[] = {
	{"fork", "forks once; the child is alive and blocked until the clock has stopped", "fork",
	 &plain, 0},
	{"dontfork", "forks once, every second 2 MiB under MADV_DONTFORK", "fork", &dontfork, 0},
	{"wipeonfork", "forks once, every second 2 MiB under MADV_WIPEONFORK", "fork", &wipeonfork,
	 0},
	{"pinned", "forks once, all pages pinned as io_uring's buffers: fork() copies them", "fork",
	 &pinned, NEED_IO_URING | NEED_MEMLOCK},
	{0},
};

/* For as long as the ring lives. */
static int pin(struct bench_run *run, const struct bench_area *area)
{
	int ring = ring_open();

	return ring < 0 || ring_pin(ring, area)
		       ? bench_fail(run, "io_uring cannot register the memory: %m")
		       : 0;
}

static int make_holes(struct bench_run *run, struct bench_area *area, int advice)
{
	size_t step = bench_folio_size(ORDER_PMD), at;

	for (at = step; at < area->len; at += 2 * step)
		if (madvise(area->start + at, step, advice))
			return bench_fail(run, "madvise(%d): %m", advice);
	area->vmas = (unsigned int)(area->len / step);
	area->mark = advice == MADV_DONTFORK ? "dc" : "wf";
	return 0;
}

/* Of one process: each of its threads forks all of it. */
static size_t share(const struct bench_run *run)
{
	size_t folio = bench_folio_size((int)run->value[ORDER]);
	size_t bytes = (size_t)run->value[SIZE] / run->processes;

	return bytes - bytes % folio;
}

static enum area_backing backing(const struct bench_run *run)
{
	return backed_by(run->value[BACKING], false);
}

static unsigned long needs_more(const struct bench_run *run)
{
	return backed_needs(backing(run), run->value[ORDER]);
}

static const char *refuse(const struct bench_run *run)
{
	const struct fork_kind *kind = run->kind;
	size_t size = share(run);

	if (kind != &plain && backing(run) != BACK_ANON)
		return "backing is for the variant fork";
	if (backed_refuse(backing(run), run->value[ORDER]))
		return backed_refuse(backing(run), run->value[ORDER]);

	if (!size && run->processes > 1)
		return "size is less than a folio for each process";
	if (kind->advice && size % (2 * bench_folio_size(ORDER_PMD)))
		return "size is not a whole number of holes and what is between them: each of a "
		       "PMD's size";
	if (kind->pinned && run->value[ORDER] == ORDER_PMD)
		return "fork() maps what is pinned by PTEs, so PMDs map it only once; use a PMD's "
		       "order, "
		       "such as 9";
	if (kind->pinned && size > BUFFERS * MOST_OF_BUFFER)
		return "size is more than io_uring's buffers can have here, 64 GiB";
	return NULL;
}

/* Each child of who has pinned it gets a copy of all. */
static size_t memory(const struct bench_run *run)
{
	const struct fork_kind *kind = run->kind;

	return (size_t)run->value[SIZE] * (kind->pinned ? 1 + run->threads : 1);
}

static int setup(struct bench_run *run)
{
	const struct fork_kind *kind = run->kind;
	long pages = (long)(share(run) / bench_page_size());
	struct child *children = calloc(run->threads, sizeof(*children));
	struct bench_area *area;
	unsigned int w;

	run->state = children;
	if (!children || child_setup(run, children))
		return bench_fail(run, "no child can be held");
	/* One leash: a child has those of others as well, and would keep them alive. */
	for (w = 1; w < run->threads; w++)
		children[w] = children[0];
	if (backed_map(run, share(run), run->value[ORDER], backing(run)))
		return -1;
	area = &run->areas[0];
	if ((kind->advice && make_holes(run, area, kind->advice)) ||
	    (kind->pinned && pin(run, area)))
		return -1;
	run->promise = (struct bench_promise){
		.faults_slack =
			16L *
			run->threads, /* the parent's stack and data, copied on its first writes */
		.before = AREA_POPULATED,
		.after = AREA_POPULATED,
		.children = 1,
		.per_count = (double)run->threads * run->processes,
	};
	if (kind->pinned) {
		run->promise.charged = (double)share(run) * run->threads;
		run->promise.bytes = run->promise.charged * run->processes;
		run->promise.moves[0] =
			(struct bench_move){"vmstat:pgalloc_*", pages * run->threads, LONG_MAX};
	}
	return 0;
}

/* Timed: fork() as the parent sees it, page tables copied (of shared mappings none are). */
static void op(struct bench_run *run, unsigned int worker)
{
	struct child *child = (struct child *)run->state + worker;

	child->pid = fork();
	if (child->pid == 0)
		child_live(child);
}

static int disarm(struct bench_run *run)
{
	struct child *children = run->state;
	unsigned int w;
	int result = 0;

	for (w = 0; w < run->threads; w++) {
		if (children[w].pid < 0)
			return bench_fail(run, "fork() failed");
		if (child_end(run, &children[w]))
			result = -1;
	}
	return result;
}

const struct bench bench_fork = {
	.name = "fork",
	.path = "copy_page_range: fork() of populated memory",
	.variants = variants,
	.params = params,
	.tacit = THREADS,
	.refuse = refuse,
	.needs_more = needs_more,
	.memory = memory,
	.setup = setup,
	.op = op,
	.disarm = disarm,
};
