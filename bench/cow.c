// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What fork() leaves to do: writes, or reads that pin, to memory that is or was shared with a
 * child, one byte a page. The child of a process has what all its threads have. Forking, and
 * waiting for children, is not timed.
 */
#include <stdlib.h>

#include "bench/bench.h"
#include "bench/parts/backed.h"
#include "bench/parts/errand.h"
#include "bench/parts/pinner.h"
#include "bench/parts/touch.h"

enum {
	SIZE,
	ORDER,
	BACKING,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("256M"),   [ORDER] = BENCH_PARAM_ORDER,
	[BACKING] = BENCH_PARAM_BACKING,     [THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES, {0},
};

struct cow_state {
	struct child child;	/* of the process, but for LEAVE */
	struct errand errand;	/* for that */
	struct pinner *pinners; /* a worker's */
};

/* What becomes of the memory before the op, and of whom the op is. */
enum arming {
	SHARE,	 /* a child is alive */
	UNSHARE, /* it has exited */
	MOVE,	 /* folios were torn by mremap(), and a child is alive */
	READ,	 /* read only, so the zero page is everywhere */
	LEAVE,	 /* the parent has unmapped it, the op is the child's */
};

struct cow_kind {
	void (*op)(struct bench_run *run, unsigned int area); /* of one area, by its index */
	enum arming arming;
	enum area_state before, after;
	bool alive; /* the child, after the op */
};

static struct touch_span pages_of(struct bench_area area)
{
	return (struct touch_span){area.start, area.start + area.len, bench_page_size()};
}

static void write_bytes(struct bench_run *run, unsigned int area)
{
	touch_write(pages_of(run->areas[area]));
}

/* Who shares a page that is pinned for reading (FOLL_PIN) gets one of its own. */
static void pin_bytes(struct bench_run *run, unsigned int area)
{
	struct cow_state *state = run->state;

	pin_read(&state->pinners[area], &run->areas[area]);
}

static void let_child_write(struct bench_run *run, unsigned int area)
{
	struct cow_state *state = run->state;

	(void)area;
	errand_ask(&state->errand, ERRAND_DO);
}

static const struct cow_kind cow = {write_bytes, SHARE, AREA_SHARED, AREA_BASE_PAGES, true};
static const struct cow_kind reuse = {write_bytes, UNSHARE, AREA_OWN, AREA_OWN, false};
static const struct cow_kind child_reuse = {let_child_write, LEAVE, AREA_ANY, AREA_ANY, true};
static const struct cow_kind moved = {write_bytes, MOVE, AREA_ANY, AREA_BASE_PAGES, true};
static const struct cow_kind zero = {write_bytes, READ, AREA_ZERO_PAGE, AREA_BASE_PAGES, false};
static const struct cow_kind unshare_kind = {pin_bytes, SHARE, AREA_SHARED, AREA_BASE_PAGES, true};

static const struct bench_variant variants[] = {
	{"cow-byte", "writes while the child is alive: each page is copied", "page", &cow, 0},
	{"reuse-byte", "writes when the child has exited", "page", &reuse, 0},
	{"child-reuse-byte", "the child writes when the parent has unmapped", "page", &child_reuse,
	 NEED_CHILD},
	{"zero-byte", "writes where the zero page was read", "page", &zero, 0},
	{"moved-byte", "writes while the child is alive, where mremap() has torn each folio in two",
	 "page", &moved, 0},
	{"unshare", "process_vm_readv() of a byte while the child is alive", "page", &unshare_kind,
	 NEED_READV | NEED_UNSHARE},
	{0},
};

static enum area_backing backing(const struct bench_run *run)
{
	return backed_by(run->value[BACKING], true);
}

static unsigned long needs_more(const struct bench_run *run)
{
	return backed_needs(backing(run), run->value[ORDER]);
}

static size_t share(const struct bench_run *run)
{
	return bench_share(run, bench_folio_size((int)run->value[ORDER]));
}

static const char *refuse(const struct bench_run *run)
{
	const struct cow_kind *kind = run->kind;
	size_t folio = bench_folio_size((int)run->value[ORDER]);

	if (backing(run) != BACK_ANON && (kind != &cow || run->value[ORDER]))
		return "backing is for cow-byte of order=0: pages of a file, copied one by one "
		       "when they are written to, whatever folios it has";
	if (backing(run) == BACK_SHMEM)
		return "shared memory is not copied when it is written to; use backing=memfd";

	if ((size_t)run->value[SIZE] % folio)
		return "size is not a whole number of folios";
	if (kind == &zero && run->value[ORDER])
		return "no kernel promises what a write over the huge zero page gives; use order=0";
	/* Nearly as many areas, and each is looked at. */
	if (kind == &moved && (!run->value[ORDER] || share(run) * run->threads / folio > 256))
		return "mremap() tears folios of several pages, and at most 256 of them here";
	if (kind == &child_reuse && run->threads > 1)
		return "a child of one thread would have what all threads have: child-reuse-byte "
		       "takes processes alone";
	return bench_refuse_share(run);
}

/* The child keeps what is copied. */
static size_t memory(const struct bench_run *run)
{
	const struct cow_kind *kind = run->kind;
	bool copies = kind->arming == SHARE || kind->arming == MOVE;

	return (size_t)run->value[SIZE] * (copies ? 2 : 1);
}

static int setup(struct bench_run *run)
{
	const struct cow_kind *kind = run->kind;
	struct cow_state *state = calloc(1, sizeof(*state));
	size_t bytes = share(run) * run->threads, pages = bytes / bench_page_size();
	/* Copies are counted as allocations. Of large folios, kernels differ in what they reuse. */
	bool reuses = kind->after != AREA_BASE_PAGES, pmd = run->value[ORDER] == ORDER_PMD;
	long folios = (long)(bytes / bench_folio_size((int)run->value[ORDER]));

	run->state = state;
	if (!state ||
	    child_setup(run, kind->arming == LEAVE ? &state->errand.child : &state->child))
		return bench_fail(run, "no child can be had");
	if (kind == &unshare_kind)
		state->pinners = calloc(run->threads, sizeof(*state->pinners));
	if (kind == &unshare_kind && !state->pinners)
		return bench_fail(run, "out of memory");
	run->promise = (struct bench_promise){
		.faults = kind == &child_reuse ? 0 : (long)pages,
		.faults_slack = 16L * run->threads, /* stacks and data, shared as well */
		/* No other process maps a file's pages: fork() leaves them to faults. */
		.before = backing(run) == BACK_ANON ? kind->before : AREA_POPULATED,
		.after = kind->after,
		.children = kind->alive,
		.turns = kind->arming == LEAVE,
		.per_count = (double)pages * run->processes,
		.bytes = reuses ? 0 : (double)bytes * run->processes,
		.charged = reuses ? 0 : (double)bytes,
		.moves = {{reuses ? "vmstat:pgreuse" : "vmstat:pgalloc_*",
			   reuses && run->value[ORDER] ? LONG_MIN : (long)pages, LONG_MAX},
			  {run->value[ORDER] ? "thp:split" : NULL, LONG_MIN, LONG_MAX},
			  {"thp:split_deferred", LONG_MIN, LONG_MAX},
			  {pmd && !reuses ? "vmstat:thp_split_pmd" : NULL, folios, LONG_MAX}},
	};
	if (kind == &reuse && pmd) {
		run->promise.faults = folios;
		/* What a host maps by less than a PMD may be forbidden by the TLB, page by page. */
		run->promise.faults_slack += (long)pages;
	}
	return 0;
}

static void child_writes(struct bench_run *run, enum errand_word word)
{
	struct bench_area area = run->areas[0];

	area.len = word == ERRAND_DO ? area.len : 0;
	touch_write(pages_of(area));
}

static int map_share(struct bench_run *run, unsigned int worker)
{
	const struct cow_kind *kind = run->kind;

	if (area_map_as(run, share(run), (int)run->value[ORDER], backing(run)))
		return -1;
	if (kind->arming != READ)
		return area_populate(run, &run->areas[worker]);
	touch_read(pages_of(run->areas[worker]));
	return 0;
}

/* Each folio in two; the pieces of a worker are run->threads areas apart. */
static int tear_folios(struct bench_run *run)
{
	size_t folio = bench_folio_size((int)run->value[ORDER]), at;
	unsigned int w;

	for (at = share(run) - folio / 2; at < share(run); at -= folio)
		for (w = 0; w < run->threads; w++)
			if (area_cut(run, w, at))
				return -1;
	return 0;
}

static int arm(struct bench_run *run)
{
	const struct cow_kind *kind = run->kind;
	struct cow_state *state = run->state;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (map_share(run, w))
			return -1;
	if (kind->arming == READ)
		return 0;
	if (kind->arming == MOVE && tear_folios(run))
		return -1;
	if (kind->arming == LEAVE)
		return errand_start(run, &state->errand, child_writes) || area_unmap_all(run)
			       ? -1
			       : errand_rehearse(run, &state->errand);
	if (child_start(run, &state->child))
		return -1;
	return kind->arming == UNSHARE ? child_end(run, &state->child) : 0;
}

/* Timed: the faults, or the calls that take them. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct cow_kind *kind = run->kind;

	do {
		kind->op(run, worker);
	} while ((worker += run->threads) < run->nr_areas);
}

/* Of what a PMD maps a host may want all pages. */
static int disarm(struct bench_run *run)
{
	const struct cow_kind *kind = run->kind;
	struct cow_state *state = run->state;
	bool pmd = run->value[ORDER] == ORDER_PMD;
	long pages = (long)(share(run) / bench_page_size()),
	     pmds = pmd ? (long)(share(run) / bench_folio_size(ORDER_PMD)) : 0,
	     least = pmds ?: pages, most = pages + pmds;

	if (kind->arming == LEAVE)
		return errand_end(run, &state->errand, least, most);
	area_unmap_all(run);
	return kind->alive ? child_end(run, &state->child) : 0;
}

const struct bench bench_cow = {
	.name = "cow",
	.path = "do_wp_page: writes to memory that fork() has shared",
	.variants = variants,
	.params = params,
	.tacit = BACKING,
	.refuse = refuse,
	.needs_more = needs_more,
	.memory = memory,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
