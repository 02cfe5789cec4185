// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/calls/tree.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/compare/units.h"
#include "common/exact/calls.h"

static struct call_pair *slot_of(const struct call_pairs *p, uint32_t a, uint32_t b)
{
	uint64_t hash = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15ULL;
	size_t i = (size_t)(hash >> 32) & (p->nr_slots - 1);

	while (p->slot[i].value != CALLS_NONE && (p->slot[i].a != a || p->slot[i].b != b))
		i = (i + 1) & (p->nr_slots - 1);
	return &p->slot[i];
}

/* Twice as many slots as pairs. */
static bool make_slots(struct call_pairs *p)
{
	struct call_pairs more = {.nr_slots = p->nr_slots ? 2 * p->nr_slots : 1024, .nr = p->nr};
	size_t i;

	more.slot = malloc(more.nr_slots * sizeof(*more.slot));
	if (!more.slot)
		return false;
	memset(more.slot, 0xff, more.nr_slots * sizeof(*more.slot));
	for (i = 0; i < p->nr_slots; i++)
		if (p->slot[i].value != CALLS_NONE)
			*slot_of(&more, p->slot[i].a, p->slot[i].b) = p->slot[i];
	free(p->slot);
	*p = more;
	return true;
}

uint32_t *call_pairs_take(struct call_pairs *p, uint32_t a, uint32_t b, uint32_t value)
{
	struct call_pair *slot;

	if (2 * p->nr >= p->nr_slots && !make_slots(p))
		return NULL;
	slot = slot_of(p, a, b);
	if (slot->value == CALLS_NONE) {
		*slot = (struct call_pair){a, b, value};
		p->nr++;
	}
	return &slot->value;
}

void call_pairs_free(struct call_pairs *p)
{
	free(p->slot);
	*p = (struct call_pairs){0};
}

uint32_t call_tree_name(struct call_tree *t, const char *name)
{
	const json_t *known = json_object_get(t->index, name);
	char **more, *copy;

	if (known)
		return (uint32_t)json_integer_value(known);
	if (t->nr_names == t->names_room) {
		more = realloc(t->name, (2 * (size_t)t->names_room + 64) * sizeof(*more));
		if (!more)
			return CALLS_NONE;
		t->name = more;
		t->names_room = 2 * t->names_room + 64;
	}
	copy = strdup(name);
	if (!copy || json_object_set_new(t->index, name, json_integer(t->nr_names))) {
		free(copy);
		return CALLS_NONE;
	}
	t->name[t->nr_names] = copy;
	return t->nr_names++;
}

static bool add_node(struct call_tree *t, uint32_t parent, uint32_t function)
{
	struct call_node *more;

	if (t->nr == t->room) {
		more = realloc(t->node, (2 * (size_t)t->room + 256) * sizeof(*more));
		if (!more)
			return false;
		t->node = more;
		t->room = 2 * t->room + 256;
	}
	t->node[t->nr++] = (struct call_node){
		.parent = parent, .function = function, .child = CALLS_NONE, .sibling = CALLS_NONE};
	return true;
}

uint32_t call_tree_child(struct call_tree *t, uint32_t parent, uint32_t function)
{
	const uint32_t *at = call_pairs_take(&t->children, parent, function, t->nr);

	if (!at || (*at == t->nr && !add_node(t, parent, function)))
		return CALLS_NONE;
	return *at;
}

/* Adds a tree as it is in a journal to side 0, times weight. */
static bool add_tree(struct call_tree *t, const json_t *functions, const json_t *tree,
		     double weight)
{
	uint32_t *at = calloc(json_array_size(tree) + 1, sizeof(*at)), name;
	json_int_t parent;
	bool ok = at;
	json_t *node;
	size_t i;

	json_array_foreach(tree, i, node) {
		if (!ok)
			break;
		parent = json_integer_value(json_array_get(node, CALLS_PARENT));
		name = call_tree_name(
			t, json_string_value(json_array_get(
				   functions, (size_t)json_integer_value(
						      json_array_get(node, CALLS_FUNCTION)))));
		at[i] = call_tree_child(t, parent < 0 ? 0 : at[parent], name);
		ok = name != CALLS_NONE && at[i] != CALLS_NONE;
		if (!ok)
			break;
		t->node[at[i]].own[0] +=
			weight * json_number_value(json_array_get(node, CALLS_INSNS));
		t->node[at[i]].calls[0] +=
			weight * json_number_value(json_array_get(node, CALLS_CALLS));
	}
	free(at);
	return ok;
}

static bool add_run(struct call_tree *t, const struct result_run *run, double weight)
{
	const json_t *calls = run->calls;

	t->ops[0] += (double)run->iterations;
	t->cut[0] += weight * json_number_value(json_object_get(calls, "cut"));
	t->odd[0] += weight * json_number_value(json_object_get(calls, "odd"));
	return add_tree(t, json_object_get(calls, "functions"), json_object_get(calls, "op"),
			weight);
}

/* Means of one op, so that they sum up to the cell's; or, summed, of all of its ops. */
static bool add_cell(struct call_tree *t, const struct result_cell *cell, bool summed)
{
	bool ok = call_tree_known(cell);
	struct sequence s;
	size_t i, k, end;
	double runs;

	sequence_of(&s, cell);
	for (i = 0; i < s.nr; i = end) {
		end = sequence_end(&s, i, true);
		runs = (double)(s.boots * (end - i));
		for (k = i; ok && k < end; k++)
			ok = add_run(t, s.run[k],
				     summed ? 1 : 1 / (runs * (double)s.run[k]->iterations));
	}
	sequence_free(&s);
	return ok;
}

struct call_tree *call_tree_new(void)
{
	struct call_tree *t = calloc(1, sizeof(*t));

	if (t)
		t->index = json_object();
	if (t && add_node(t, CALLS_NONE, CALLS_NONE))
		return t;
	call_tree_free(t);
	return NULL;
}

static int by_name(const void *a, const void *b, void *tree)
{
	const struct call_tree *t = tree;
	const struct call_node *x = &t->node[*(const uint32_t *)a],
			       *y = &t->node[*(const uint32_t *)b];

	return strcmp(t->name[x->function], t->name[y->function]);
}

/* Links nodes to their parents, and sums up what is below them. */
static bool finish(struct call_tree *t)
{
	uint32_t *order = calloc(t->nr, sizeof(*order)), i;
	struct call_node *n, *parent;
	unsigned int side;

	if (!order)
		return false;
	for (i = 0; i < t->nr; i++)
		order[i] = i;
	qsort_r(order + 1, t->nr - 1, sizeof(*order), by_name, t);
	for (i = t->nr; i-- > 1;) {
		n = &t->node[order[i]];
		n->sibling = t->node[n->parent].child;
		t->node[n->parent].child = order[i];
	}
	free(order);
	for (i = t->nr; i-- > 0;) {
		n = &t->node[i];
		parent = i ? &t->node[n->parent] : NULL;
		for (side = 0; side < 2; side++) {
			n->all[side] += n->own[side];
			if (parent)
				parent->all[side] += n->all[side];
		}
	}
	return true;
}

struct call_tree *call_tree_done(struct call_tree *t, bool ok)
{
	if (ok && finish(t))
		return t;
	call_tree_free(t);
	return NULL;
}

bool call_tree_known(const struct result_cell *cell)
{
	bool all = cell && cell->nr_ok;
	size_t i;

	for (i = 0; all && i < cell->nr; i++)
		all = cell->runs[i].status != RUN_OK || cell->runs[i].calls;
	return all;
}

struct call_tree *call_tree_of(const struct result_cell *cell, bool summed)
{
	struct call_tree *t = call_tree_new();

	return call_tree_done(t, t && add_cell(t, cell, summed));
}

void call_tree_free(struct call_tree *t)
{
	uint32_t i;

	if (!t)
		return;
	for (i = 0; i < t->nr; i++)
		free(t->node[i].parts);
	for (i = 0; i < t->nr_names; i++)
		free(t->name[i]);
	call_pairs_free(&t->children);
	json_decref(t->index);
	free(t->node);
	free(t->name);
	free(t);
}
