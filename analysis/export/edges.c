// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/export/edges.h"

#include <stdlib.h>

static struct edge *take_edge(struct edges *e, uint32_t from, uint32_t to)
{
	uint32_t *at = call_pairs_take(&e->index, from, to, e->nr);
	struct edge *more;

	if (!at)
		return NULL;
	if (*at < e->nr)
		return &e->edge[*at];
	if (e->nr == e->room) {
		more = realloc(e->edge, (2 * (size_t)e->room + 256) * sizeof(*more));
		if (!more)
			return NULL;
		e->edge = more;
		e->room = 2 * e->room + 256;
	}
	e->edge[e->nr] = (struct edge){.from = from, .to = to};
	return &e->edge[e->nr++];
}

/* The function of the root is one that calls those that user space enters. */
static uint32_t function_of(const struct call_tree *t, uint32_t node)
{
	return node ? t->node[node].function : t->nr_names;
}

/*
 * The calls of a node, and its instructions as those of calls of functions on its path; first[] is
 * where a function is called first on it.
 */
static void add_node(struct edges *e, const struct call_tree *t, uint32_t node, uint32_t *first)
{
	const struct call_node *n = &t->node[node];
	struct edge *edge = take_edge(e, function_of(t, n->parent), n->function);
	uint32_t at;

	if (edge)
		edge->calls += n->calls[0];
	for (at = node; at; at = t->node[at].parent)
		first[t->node[at].function] = at;
	for (at = node; at; at = t->node[at].parent) {
		if (first[t->node[at].function] != at)
			continue;
		edge = take_edge(e, function_of(t, t->node[at].parent), t->node[at].function);
		if (edge)
			edge->insns += n->own[0];
	}
}

static int by_caller(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

struct edges edges_of(const struct call_tree *t)
{
	uint32_t *first = calloc(t->nr_names + 1, sizeof(*first)), i;
	struct edges e = {0};

	for (i = 1; first && i < t->nr; i++)
		add_node(&e, t, i, first);
	if (e.nr)
		qsort(e.edge, e.nr, sizeof(*e.edge), by_caller);
	free(first);
	return e;
}

void edges_free(struct edges *e)
{
	call_pairs_free(&e->index);
	free(e->edge);
	*e = (struct edges){0};
}
