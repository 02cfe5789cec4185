// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fork() against GUP in one process: threads that fork, threads that take references to pages of
 * the memory forked, without mmap_lock where they can (GUP-fast), which a fork() in progress makes
 * fail. Every single operation is timed, on both sides.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

enum {
	SIZE,
	ORDER,
	FORKERS,
	GUPPERS,
	TIME
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("64M"),
	[ORDER] = BENCH_PARAM_ORDER,
	[FORKERS] = {"forkers", BENCH_THREADS, "1", NULL, 0, 4096, "threads that fork"},
	[GUPPERS] = {"guppers", BENCH_THREADS, "1", NULL, 0, 4096,
		     "threads that take references to pages"},
	[TIME] = {"time", BENCH_MS, "200", NULL, 1, 600000, "length of an iteration, ms"},
	{0},
};

#define PAGES 16 /* that one operation takes: as many as a pipe has slots */

/* One worker's own data, on a cache line of its own. */
struct racer {
	struct iovec pages[PAGES]; /* those to take, one after the other */
	int pipe[2];
	int drain;     /* /dev/null */
	ssize_t amiss; /* bits of what was returned and should not have been */
	char bytes[PAGES + 1];
} __attribute__((aligned(128)));

/* Into a pipe, which holds a reference to each page, and out of it unread. GUP-fast first. */
static void take_vmsplice(struct racer *self)
{
	ssize_t len = (ssize_t)(PAGES * self->pages[0].iov_len);

	self->amiss |= vmsplice(self->pipe[1], self->pages, PAGES, 0) ^ len;
	self->amiss |= splice(self->pipe[0], NULL, self->drain, NULL, (size_t)len, 0) ^ len;
}

/* Pins the pages for reading (FOLL_PIN), which makes a copy of each that a child shares. */
static void take_readv(struct racer *self)
{
	struct iovec into = {self->bytes, PAGES};

	self->amiss |= process_vm_readv(getpid(), &into, 1, self->pages, PAGES, 0) ^ PAGES;
}

static void fork_and_wait(struct racer *self)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	self->amiss |= waitpid(pid, NULL, 0) ^ pid;
}

/* A pipe has the page, not a copy of it, if what is written to the page then comes out of it. */
static bool refers(struct racer *self)
{
	struct iovec one = {self->pages[0].iov_base, 1};
	volatile char *page = one.iov_base;
	char byte = 0;

	*page = 1;
	if (vmsplice(self->pipe[1], &one, 1, 0) == 1)
		*page = 2;
	return read(self->pipe[0], &byte, 1) == 1 && byte == 2;
}

/* The last op has read what arm wrote. */
static bool has_read(struct racer *self)
{
	return strspn(self->bytes, "\1") == PAGES;
}

struct gup_kind {
	void (*take)(struct racer *self);
	bool (*took)(struct racer *self);
	size_t bytes;	  /* of each page; 0: all */
	const char *what; /* vmstat counts it, a page; of a CPU some time later */
};

static const struct gup_kind vmsplice_kind = {take_vmsplice, refers, 0, NULL};
static const struct gup_kind readv_kind = {take_readv, has_read, 1, "vmstat:nr_foll_pin_acquired"};

static const struct bench_variant variants[] = {
	{"vmsplice", "guppers: vmsplice() of 16 pages into a pipe, splice() out of it", "fork",
	 &vmsplice_kind, 0},
	{"readv", "guppers: process_vm_readv() of a byte of 16 pages", "fork", &readv_kind,
	 NEED_READV},
	{0},
};

static const char *refuse(const struct bench_run *run)
{
	if (!run->threads)
		return "forkers=0 and guppers=0 leave nobody to measure";
	return (size_t)run->value[SIZE] < PAGES * bench_page_size() * run->threads
		       ? "size is less than 16 pages for each thread"
		       : NULL;
}

static int setup(struct bench_run *run)
{
	const struct gup_kind *kind = run->kind;
	struct racer *of;
	unsigned int w;

	run->state = of = aligned_alloc(_Alignof(struct racer), run->threads * sizeof(*of));
	if (!of)
		return bench_fail(run, "out of memory");
	memset(of, 0, run->threads * sizeof(*of));
	for (w = 0; w < run->threads; w++) {
		of[w].drain = open("/dev/null", O_WRONLY | O_CLOEXEC);
		if (of[w].drain < 0 || pipe(of[w].pipe))
			return bench_fail(run, "a pipe and /dev/null: %m");
	}
	run->stock = ULONG_MAX;
	run->promise = (struct bench_promise){
		.faults_slack = LONG_MAX, /* what fork() protects is written to again */
		.before = AREA_POPULATED,
		.per_count = 1,
	};
	/* Of a few pins a CPU may have told nothing yet; that pages were had, disarm sees. */
	if (run->value[GUPPERS])
		run->promise.moves[0] = (struct bench_move){kind->what, LONG_MIN, LONG_MAX};
	return 0;
}

/* Each worker has pages of its own, all of one area. */
static int arm(struct bench_run *run)
{
	const struct gup_kind *kind = run->kind;
	struct racer *of = run->state;
	size_t page = bench_page_size(), w;

	if (area_map(run, (size_t)run->value[SIZE], (int)run->value[ORDER]) ||
	    area_populate(run, &run->areas[0]))
		return -1;
	for (w = 0; w < run->threads * PAGES; w++) {
		char *at = run->areas[0].start + w * page;

		*at = 1;
		of[w / PAGES].bytes[w % PAGES] = 0;
		of[w / PAGES].pages[w % PAGES] = (struct iovec){at, kind->bytes ?: page};
	}
	return 0;
}

/* Timed: a fork() until its child is reaped, or the taking of 16 pages. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct gup_kind *kind = run->kind;
	struct racer *self = (struct racer *)run->state + worker;

	if (worker < (unsigned int)run->value[FORKERS])
		fork_and_wait(self);
	else
		kind->take(self);
}

static int disarm(struct bench_run *run)
{
	const struct gup_kind *kind = run->kind;
	struct racer *of = run->state;
	unsigned int forkers = (unsigned int)run->value[FORKERS], w;
	ssize_t amiss = 0;

	for (w = 0; w < run->threads; w++)
		amiss |= of[w].amiss | (w >= forkers && !kind->took(&of[w]));
	area_unmap_all(run);
	return amiss ? bench_fail(run, "a fork or a page was refused, or the page is another") : 0;
}

const struct bench bench_gup = {
	.name = "gup",
	.path = "gup_fast_fallback: references to pages while the process forks",
	.variants = variants,
	.params = params,
	.needs = NEED_TASKS,
	.repeat = REPEAT_TIME,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
