// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Callgrind's profile knows of no paths: only of functions, what each executed itself, and which it
 * called. Readers take what a function executed with all that it called for the sum of the calls of
 * it. So an instruction is in one call of each function on the path to it, the first; then it
 * counts once for each, also where functions call themselves or each other.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/units.h"
#include "analysis/export/calls.h"

#define ROOT "[op]"

/* A function that calls another. */
struct edge {
	uint32_t from, to;
	double calls, insns;
};

struct edges {
	struct edge *edge;
	uint32_t nr, room;
	struct call_pairs index;
};

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

static struct edges edges_of(const struct call_tree *t)
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

/* A name the first time, with its number; then the number alone. */
static void put_name(FILE *out, const char *key, const struct call_tree *t, uint32_t function,
		     bool *named)
{
	fprintf(out, "%s=(%u)", key, function + 1);
	if (!named[function]) {
		fputc(' ', out);
		called_put(out, function < t->nr_names ? t->name[function] : ROOT, "\n\r");
	}
	named[function] = true;
	fputc('\n', out);
}

static void put_functions(FILE *out, const struct call_tree *t)
{
	double *own = calloc(t->nr_names + 1, sizeof(*own));
	bool *named = calloc(t->nr_names + 1, sizeof(*named));
	struct edges e = edges_of(t);
	uint32_t i, k = 0;

	for (i = 1; own && i < t->nr; i++)
		own[t->node[i].function] += t->node[i].own[0];
	for (i = 0; own && named && i <= t->nr_names; i++) {
		fputc('\n', out);
		put_name(out, "fn", t, i, named);
		fprintf(out, "0 %.0f\n", own[i]);
		for (; k < e.nr && e.edge[k].from == i; k++) {
			put_name(out, "cfn", t, e.edge[k].to, named);
			fprintf(out, "calls=%.0f 0\n0 %.0f\n", e.edge[k].calls, e.edge[k].insns);
		}
	}
	call_pairs_free(&e.index);
	free(e.edge);
	free(named);
	free(own);
}

void called_callgrind(FILE *out, const struct called *called)
{
	struct call_tree *t = call_tree_of(called->cell, true);

	if (!t)
		return;
	fprintf(out, "# callgrind format\nversion: 1\ncreator: faultbench " FAULTBENCH_VERSION
		     "\ncmd: ");
	called_put(out, called->title, "\n\r");
	fprintf(out, "\ndesc: Ops: %.0f, of %zu boot%s; divide by them for one\n", t->ops[0],
		cell_boots(called->cell), cell_boots(called->cell) == 1 ? "" : "s");
	if (t->event)
		fprintf(out,
			"desc: Samples: of %s in the kernel; how often functions were called is "
			"not "
			"known, and 0\n",
			t->event);
	else
		fputs("desc: Ir: kernel instructions, without those of interrupts\n", out);
	if (t->cut[0] > 0)
		fprintf(out, "desc: Cut: %.0f calls, which are their callers' own\n", t->cut[0]);
	if (t->odd[0] > 0)
		fprintf(out, "desc: Odd: %.0f jumps or returns that were seen too late\n",
			t->odd[0]);
	fprintf(out,
		"positions: line\nevents: %s\nsummary: %.0f\n\nob=", t->event ? "Samples" : "Ir",
		t->node[0].all[0]);
	called_put(out, called->results->kernels[called->kernel].label, "\n\r");
	fputs("\nfl=???\n", out);
	put_functions(out, t);
	fprintf(out, "\ntotals: %.0f\n", t->node[0].all[0]);
	call_tree_free(t);
}
