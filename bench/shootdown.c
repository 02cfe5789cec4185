// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What calls that take mappings away cost where other CPUs run threads of the same mm, whose TLBs
 * may have these: interrupts to them, or a broadcast. Shooters make the calls, one after the other;
 * bystanders only read memory of their own, again and again, and pay for it with interrupts, and
 * with the walks of page tables behind a flush. Mapping and populating are not timed.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/parts/touch.h"

enum {
	PAGES,
	ROUNDS,
	SHOOTERS,
	BYSTANDERS
};

static const struct bench_param params[] = {
	[PAGES] = {"pages", BENCH_COUNT, "8", NULL, 1, 1 << 20, "pages that a call is about"},
	[ROUNDS] = {"rounds", BENCH_COUNT, "100", NULL, 1, 100000, "calls of a shooter in an op"},
	[SHOOTERS] = {"shooters", BENCH_THREADS, "1", NULL, 1, 4096,
		      "threads that take mappings away"},
	[BYSTANDERS] = {"bystanders", BENCH_THREADS, "1", NULL, 0, 4096,
			"threads that only read meanwhile"},
	{0},
};

#define READ 256 /* pages that a bystander reads in an op */

/* One shooter's own data, on a cache line of its own. */
struct shooter {
	char *at, *away; /* move: where the pages are, and where they are not */
	size_t len;	 /* of what a call is about */
	long done;	 /* calls that were not refused */
} __attribute__((aligned(128)));

struct shot {
	void (*shoot)(struct shooter *self, long round);
	bool anew; /* each call is about other pages */
	bool moves;
	enum area_state after;
};

/* Read-only, and with the next call writable again, which most CPUs need no flush for. */
static void shoot_mprotect(struct shooter *self, long round)
{
	self->done +=
		!mprotect(self->at, self->len, round % 2 ? PROT_READ | PROT_WRITE : PROT_READ);
}

static void shoot_dontneed(struct shooter *self, long round)
{
	self->done += !madvise(self->at + (size_t)round * self->len, self->len, MADV_DONTNEED);
}

static void shoot_munmap(struct shooter *self, long round)
{
	self->done += !munmap(self->at + (size_t)round * self->len, self->len);
}

static void shoot_move(struct shooter *self, long round)
{
	char *to = round % 2 ? self->at : self->away, *from = round % 2 ? self->away : self->at;

	self->done += mremap(from, self->len, self->len, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to;
}

/* What nobody else has to know of, so what bystanders pay is nothing. */
static void shoot_nothing(struct shooter *self, long round)
{
	(void)round;
	touch_read((struct touch_span){self->at, self->at + self->len, bench_page_size()});
	self->done++;
}

static const struct shot mprotect_shot = {shoot_mprotect, false, false, AREA_POPULATED};
static const struct shot dontneed_shot = {shoot_dontneed, true, false, AREA_EMPTY};
static const struct shot munmap_shot = {shoot_munmap, true, false, AREA_UNMAPPED};
static const struct shot move_shot = {shoot_move, false, true, AREA_POPULATED};

static const struct shot no_shot = {shoot_nothing, false, false, AREA_POPULATED};

static const struct bench_variant variants[] = {
	{"mprotect", "shooters: make pages read-only, with the next call writable again", "call",
	 &mprotect_shot, 0},
	{"dontneed", "shooters: drop pages with MADV_DONTNEED, other ones with each call", "call",
	 &dontneed_shot, 0},
	{"munmap", "shooters: unmap pages, other ones with each call", "call", &munmap_shot, 0},
	{"move", "shooters: move pages to another place, with the next call back", "call",
	 &move_shot, 0},
	{"none", "shooters: read their pages as well, so that bystanders pay nothing", "call",
	 &no_shot, 0},
	{0},
};

static size_t share(const struct bench_run *run)
{
	const struct shot *shot = run->kind;

	return (size_t)run->value[PAGES] * bench_page_size() *
	       (shot->anew ? (size_t)run->value[ROUNDS] : 1);
}

static size_t memory(const struct bench_run *run)
{
	return share(run) * (size_t)run->value[SHOOTERS] +
	       READ * bench_page_size() * (size_t)run->value[BYSTANDERS];
}

/* A thread that reads on another CPU has the mm loaded, and is interrupted by the first call. */
static int setup(struct bench_run *run)
{
	const struct shot *shot = run->kind;
	const char *uncounted = bench_flushes_unseen();
	bool interrupts = shot->shoot != shoot_nothing && run->threads > 1 && !uncounted;

	run->state = aligned_alloc(_Alignof(struct shooter), run->threads * sizeof(struct shooter));
	if (!run->state)
		return bench_fail(run, "out of memory");
	run->stock = (unsigned long)-1;
	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = AREA_POPULATED,
		.per_count = (double)run->value[ROUNDS],
		.moves = {{"interrupts:TLB", interrupts ? 1 : LONG_MIN, LONG_MAX}},
		.moves_beside = interrupts,
	};
	if (shot->shoot != shoot_nothing && run->threads > 1 && uncounted)
		bench_note(run, "no interrupt proves the shootdowns: %s", uncounted);
	return 0;
}

/*
 * Places that are free, behind the areas of all workers, which after an odd number of moves is
 * where the pages are. All are there before the first is unmapped, or one would be where another
 * was.
 */
static int make_rooms(struct bench_run *run)
{
	unsigned int shooters = (unsigned int)run->value[SHOOTERS], w;
	bool odd = run->value[ROUNDS] % 2;
	struct shooter *of = run->state;
	struct bench_area *room;

	for (w = 0; w < shooters; w++)
		if (area_map(run, of[w].len, 0))
			return -1;
	for (w = 0; w < shooters; w++) {
		room = &run->areas[run->threads + w];
		of[w].away = room->start;
		room->before = AREA_UNMAPPED;
		room->after = odd ? AREA_POPULATED : AREA_UNMAPPED;
		run->areas[w].after = odd ? AREA_UNMAPPED : AREA_POPULATED;
		munmap(room->start, room->len);
	}
	return 0;
}

static int arm(struct bench_run *run)
{
	const struct shot *shot = run->kind;
	struct shooter *of = run->state;
	struct bench_area *area;
	unsigned int w;
	bool shoots;

	for (w = 0; w < run->threads; w++) {
		shoots = bench_role(run, w) == 0;
		if (area_map(run, shoots ? share(run) : READ * bench_page_size(), 0))
			return -1;
		area = &run->areas[w];
		if (area_populate(run, area))
			return -1;
		of[w] = (struct shooter){.at = area->start,
					 .len = (size_t)run->value[PAGES] * bench_page_size()};
		area->after = shoots ? shot->after : AREA_POPULATED;
	}
	return shot->moves ? make_rooms(run) : 0;
}

/* Timed: the calls of a shooter, or a bystander's reading of its pages. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct shot *shot = run->kind;
	struct shooter *self = (struct shooter *)run->state + worker;
	size_t page = bench_page_size();
	long round;

	if (worker >= (unsigned int)run->value[SHOOTERS])
		touch_read((struct touch_span){self->at, self->at + READ * page, page});
	else
		for (round = 0; round < run->value[ROUNDS]; round++)
			shot->shoot(self, round);
}

static int disarm(struct bench_run *run)
{
	const struct shooter *of = run->state;
	unsigned int w;

	area_unmap_all(run);
	for (w = 0; w < (unsigned int)run->value[SHOOTERS]; w++)
		if (of[w].done != run->value[ROUNDS])
			return bench_fail(run, "%ld of %ld calls of a shooter did what they should",
					  of[w].done, run->value[ROUNDS]);
	return 0;
}

const struct bench bench_shootdown = {
	.name = "shootdown",
	.path = "flush_tlb_range, flush_tlb_mm_range: mappings taken from threads of other CPUs",
	.variants = variants,
	.params = params,
	.repeat = REPEAT_BESIDE,
	.memory = memory,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
