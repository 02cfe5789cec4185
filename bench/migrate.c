// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Migration between NUMA nodes that a program asks for: move_pages() of populated memory from one
 * node to another, with one call that names each folio, and mbind() with MPOL_MF_MOVE, which finds
 * them itself. Mapping, populating, and moving the memory to where it begins are not timed.
 */
#include <linux/mempolicy.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/bench.h"

#define MAX_NODES 1024
#define NODE_WORD (8 * sizeof(unsigned long))

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

/* A worker's folios by their first pages, and where each is to go, or is. */
struct mover {
	const int *nodes; /* from the first to the second */
	size_t nr;
	void **pages;
	int *to, *status;
};

struct migrate_state {
	int nodes[2];
	struct mover movers[];
};

static void move_all(const struct mover *mover, const struct bench_area *area)
{
	(void)area;
	syscall(SYS_move_pages, 0, mover->nr, mover->pages, mover->to, mover->status, MPOL_MF_MOVE);
}

static void bind_all(const struct mover *mover, const struct bench_area *area)
{
	unsigned long nodes[MAX_NODES / NODE_WORD] = {0};
	unsigned int to = (unsigned int)mover->nodes[1];

	nodes[to / NODE_WORD] = 1UL << to % NODE_WORD;
	syscall(SYS_mbind, area->start, area->len, MPOL_BIND, nodes, MAX_NODES, MPOL_MF_MOVE);
}

struct migrate_kind {
	void (*op)(const struct mover *mover, const struct bench_area *area);
};

static const struct migrate_kind move_kind = {move_all};
static const struct migrate_kind bind_kind = {bind_all};

static const struct bench_variant variants[] = {
	{"move-pages", "moves all of it to another node with one move_pages()", "page", &move_kind,
	 0},
	{"mbind", "moves all of it to another node with one mbind() of MPOL_MF_MOVE", "page",
	 &bind_kind, 0},
	{0},
};

static const char *refuse(const struct bench_run *run)
{
	if (run->node >= 0)
		return "node binds all memory, and this moves it to another";
	return bench_refuse_share(run);
}

/* The first two nodes that have memory for us. */
static bool find_nodes(int nodes[2])
{
	unsigned long allowed[MAX_NODES / NODE_WORD] = {0};
	int node, nr = 0;

	syscall(SYS_get_mempolicy, NULL, allowed, MAX_NODES, NULL, MPOL_F_MEMS_ALLOWED);
	for (node = 0; node < MAX_NODES && nr < 2; node++)
		if (allowed[(size_t)node / NODE_WORD] >> (size_t)node % NODE_WORD & 1)
			nodes[nr++] = node;
	return nr == 2;
}

static size_t share(const struct bench_run *run)
{
	return bench_share(run, bench_folio_size((int)run->value[ORDER]));
}

static bool make_mover(struct mover *mover, const int nodes[2], size_t nr)
{
	*mover = (struct mover){.nodes = nodes,
				.nr = nr,
				.pages = calloc(nr, sizeof(*mover->pages)),
				.to = calloc(nr, sizeof(*mover->to)),
				.status = calloc(nr, sizeof(*mover->status))};
	return mover->pages && mover->to && mover->status;
}

static int setup(struct bench_run *run)
{
	size_t folios = share(run) / bench_folio_size((int)run->value[ORDER]);
	long pages = (long)(share(run) / bench_page_size() * run->threads);
	struct migrate_state *state =
		calloc(1, sizeof(*state) + run->threads * sizeof(state->movers[0]));
	unsigned int w;

	run->state = state;
	for (w = 0; w < run->threads; w++)
		if (!state || !make_mover(&state->movers[w], state->nodes, folios))
			return bench_fail(run, "out of memory");
	if (!find_nodes(state->nodes))
		return bench_fail(run, "there are no two nodes with memory");
	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = AREA_POPULATED,
		.per_count = (double)pages * run->processes,
		.bytes = (double)share(run) * run->threads * run->processes,
		.moves = {{"vmstat:pgmigrate_success", pages, LONG_MAX}},
	};
	return 0;
}

static void aim(struct mover *mover, const struct bench_area *area, int node)
{
	size_t i;

	for (i = 0; i < mover->nr; i++) {
		mover->pages[i] = area->start + i * (area->len / mover->nr);
		mover->to[i] = node;
	}
}

/* That each folio is there: asked without nodes, the kernel says where they are. */
static int check(struct bench_run *run, const struct mover *mover, int node)
{
	size_t i, there = 0;

	if (syscall(SYS_move_pages, 0, mover->nr, mover->pages, NULL, mover->status, 0))
		return bench_fail(run, "move_pages: %m");
	for (i = 0; i < mover->nr; i++)
		there += mover->status[i] == node;
	return there == mover->nr ? 0
				  : bench_fail(run, "%zu of %zu folios are on node %d", there,
					       mover->nr, node);
}

static int arm(struct bench_run *run)
{
	struct migrate_state *state = run->state;
	struct bench_area *area;
	struct mover *mover;
	unsigned int w;

	for (w = 0; w < run->threads; w++) {
		mover = &state->movers[w];
		if (area_map(run, share(run), (int)run->value[ORDER]))
			return -1;
		area = &run->areas[w];
		if (area_populate(run, area))
			return -1;
		aim(mover, area, state->nodes[0]);
		move_all(mover, area);
		if (check(run, mover, state->nodes[0]))
			return -1;
		aim(mover, area, state->nodes[1]);
	}
	return 0;
}

/* Timed: the call. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct migrate_kind *kind = run->kind;
	const struct migrate_state *state = run->state;

	kind->op(&state->movers[worker], &run->areas[worker]);
}

static int check_moved(struct bench_run *run, unsigned int worker)
{
	const struct migrate_state *state = run->state;

	return check(run, &state->movers[worker], state->nodes[1]);
}

static int disarm(struct bench_run *run)
{
	return area_unmap_checked(run, check_moved);
}

const struct bench bench_migrate = {
	.name = "migrate",
	.path = "migrate_pages: populated memory moved to another node",
	.variants = variants,
	.params = params,
	.tacit = THREADS,
	.needs = NEED_NUMA | NEED_MEMPOLICY,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
