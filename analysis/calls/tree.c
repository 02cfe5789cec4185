// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/calls/tree.h"

#include <stdlib.h>
#include <string.h>

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
	free(t->event);
	free(t);
}
