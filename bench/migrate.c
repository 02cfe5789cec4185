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
	ORDER
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("256M"),
	[ORDER] = BENCH_PARAM_ORDER,
	{0},
};

/* Folios by their first pages, and where each is to go, or is. */
struct migrate_state {
	int nodes[2]; /* from the first to the second */
	size_t nr;
	void **pages;
	int *to, *status;
};

static void move_all(const struct migrate_state *state, const struct bench_area *area)
{
	(void)area;
	syscall(SYS_move_pages, 0, state->nr, state->pages, state->to, state->status, MPOL_MF_MOVE);
}

static void bind_all(const struct migrate_state *state, const struct bench_area *area)
{
	unsigned long nodes[MAX_NODES / NODE_WORD] = {0};
	unsigned int to = (unsigned int)state->nodes[1];

	nodes[to / NODE_WORD] = 1UL << to % NODE_WORD;
	syscall(SYS_mbind, area->start, area->len, MPOL_BIND, nodes, MAX_NODES, MPOL_MF_MOVE);
}

struct migrate_kind {
	void (*op)(const struct migrate_state *state, const struct bench_area *area);
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

static int setup(struct bench_run *run)
{
	size_t size = (size_t)run->value[SIZE];
	long pages = (long)(size / bench_page_size());
	struct migrate_state *state = calloc(1, sizeof(*state));

	run->state = state;
	if (state) {
		state->nr = size / bench_folio_size((int)run->value[ORDER]);
		state->pages = calloc(state->nr, sizeof(*state->pages));
		state->to = calloc(state->nr, sizeof(*state->to));
		state->status = calloc(state->nr, sizeof(*state->status));
	}
	if (!state || !state->pages || !state->to || !state->status)
		return bench_fail(run, "out of memory");
	if (!find_nodes(state->nodes))
		return bench_fail(run, "there are no two nodes with memory");
	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = AREA_POPULATED,
		.per_count = (double)pages,
		.bytes = (double)size,
		.moves = {{"vmstat:pgmigrate_success", pages, LONG_MAX}},
	};
	return 0;
}

static void aim(struct migrate_state *state, const struct bench_area *area, int node)
{
	size_t i;

	for (i = 0; i < state->nr; i++) {
		state->pages[i] = area->start + i * (area->len / state->nr);
		state->to[i] = node;
	}
}

/* That each folio is there: asked without nodes, the kernel says where they are. */
static int check(struct bench_run *run, int node)
{
	struct migrate_state *state = run->state;
	size_t i, there = 0;

	if (syscall(SYS_move_pages, 0, state->nr, state->pages, NULL, state->status, 0))
		return bench_fail(run, "move_pages: %m");
	for (i = 0; i < state->nr; i++)
		there += state->status[i] == node;
	return there == state->nr ? 0
				  : bench_fail(run, "%zu of %zu folios are on node %d", there,
					       state->nr, node);
}

static int arm(struct bench_run *run)
{
	struct migrate_state *state = run->state;
	struct bench_area *area;

	if (area_map(run, (size_t)run->value[SIZE], (int)run->value[ORDER]))
		return -1;
	area = &run->areas[0];
	if (area_populate(run, area))
		return -1;
	aim(state, area, state->nodes[0]);
	move_all(state, area);
	if (check(run, state->nodes[0]))
		return -1;
	aim(state, area, state->nodes[1]);
	return 0;
}

/* Timed: the call. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct migrate_kind *kind = run->kind;

	(void)worker;
	kind->op(run->state, &run->areas[0]);
}

static int disarm(struct bench_run *run)
{
	struct migrate_state *state = run->state;

	if (check(run, state->nodes[1]))
		return -1;
	return area_unmap_all(run);
}

const struct bench bench_migrate = {
	.name = "migrate",
	.path = "migrate_pages: populated memory moved to another node",
	.variants = variants,
	.params = params,
	.needs = NEED_NUMA | NEED_MEMPOLICY,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
