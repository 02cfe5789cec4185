// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/calls/align.h"

#include <stdlib.h>
#include <string.h>

#define PASSES 16 /* in which functions become parts of their callers */

static const char allocation[] = "_noprof";

/* A node of one of the trees, and its function's number in the common one. */
struct item {
	uint32_t name, node;
};

struct items {
	struct item *item;
	size_t nr, room;
};

struct aligned {
	struct call_tree *to;
	const struct call_tree *of[2];
	uint32_t *name[2]; /* by function of the tree: the common number */
	bool *there[2];	   /* by common number */
	bool failed;
};

static bool add_item(struct items *list, uint32_t name, uint32_t node)
{
	struct item *more;

	if (list->nr == list->room) {
		more = realloc(list->item, (2 * list->room + 16) * sizeof(*more));
		if (!more)
			return false;
		list->item = more;
		list->room = 2 * list->room + 16;
	}
	list->item[list->nr++] = (struct item){name, node};
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

static void sort(struct items *list)
{
	if (list->nr)
		qsort(list->item, list->nr, sizeof(*list->item), by_name);
}

static bool has(const struct items *sorted, uint32_t name)
{
	size_t low = 0, high = sorted->nr, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (sorted->item[mid].name == name)
			return true;
		if (sorted->item[mid].name < name)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static void add_children(struct aligned *a, unsigned int side, uint32_t node, struct items *ret)
{
	const struct call_tree *t = a->of[side];
	uint32_t child;

	for (child = t->node[node].child; child != CALLS_NONE; child = t->node[child].sibling)
		a->failed |= !add_item(ret, a->name[side][t->node[child].function], child);
}

static bool is_shared(const struct aligned *a, uint32_t name)
{
	return a->there[0][name] && a->there[1][name];
}

/* Appends those of both kernels that it calls, straight or through those of one. */
static void add_shared(struct aligned *a, unsigned int side, uint32_t node, struct items *ret)
{
	const struct call_tree *t = a->of[side];
	uint32_t child, name;

	for (child = t->node[node].child; child != CALLS_NONE; child = t->node[child].sibling) {
		name = a->name[side][t->node[child].function];
		if (is_shared(a, name))
			a->failed |= !add_item(ret, name, child);
		else
			add_shared(a, side, child, ret);
	}
}

/* Likewise, of a list; sorted. */
static struct items shared_of(struct aligned *a, unsigned int side, const struct items *list)
{
	struct items ret = {0};
	size_t i;

	for (i = 0; i < list->nr; i++)
		if (is_shared(a, list->item[i].name))
			a->failed |= !add_item(&ret, list->item[i].name, list->item[i].node);
		else
			add_shared(a, side, list->item[i].node, &ret);
	sort(&ret);
	return ret;
}

/* Whether it calls any of what is in sorted. */
static bool calls_any(const struct aligned *a, unsigned int side, uint32_t node,
		      const struct items *sorted)
{
	const struct call_tree *t = a->of[side];
	uint32_t child, name;

	for (child = t->node[node].child; child != CALLS_NONE; child = t->node[child].sibling) {
		name = a->name[side][t->node[child].function];
		if (is_shared(a, name) ? has(sorted, name) : calls_any(a, side, child, sorted))
			return true;
	}
	return false;
}

static void note_part(struct call_node *to, const char *name)
{
	char *more = NULL;

	if (to->parts && strstr(to->parts, name))
		return;
	if (asprintf(&more, "%s%s%s", to->parts ? to->parts : "", to->parts ? ", " : "", name) < 0)
		return;
	free(to->parts);
	to->parts = more;
}

/* Makes what only this side has a part of the node; true if there was any. */
static bool take_parts(struct aligned *a, unsigned int side, uint32_t into, struct items *own,
		       const struct items *others)
{
	struct items shared = shared_of(a, !side, others);
	size_t i, nr = own->nr, kept = 0;
	struct item item;

	for (i = 0; i < nr; i++) {
		item = own->item[i];
		if (is_shared(a, item.name) || !calls_any(a, side, item.node, &shared)) {
			own->item[kept++] = item;
			continue;
		}
		a->to->node[into].own[side] += a->of[side]->node[item.node].own[0];
		note_part(&a->to->node[into], a->to->name[item.name]);
		add_children(a, side, item.node, own);
	}
	for (; i < own->nr; i++)
		own->item[kept + i - nr] = own->item[i];
	own->nr -= nr - kept;
	sort(own);
	free(shared.item);
	return kept < nr;
}

static void align(struct aligned *a, uint32_t into, const struct items from[2]);

/* Takes the next name of the two lists, which is a child of the node. */
static void next(struct aligned *a, uint32_t into, const struct items list[2], size_t at[2])
{
	struct items some[2];
	uint32_t name = CALLS_NONE, child;
	unsigned int side;

	for (side = 0; side < 2; side++)
		if (at[side] < list[side].nr && list[side].item[at[side]].name < name)
			name = list[side].item[at[side]].name;
	for (side = 0; side < 2; side++) {
		some[side] = (struct items){.item = list[side].item + at[side]};
		for (; at[side] < list[side].nr && list[side].item[at[side]].name == name;
		     at[side]++)
			some[side].nr++;
	}
	child = call_tree_child(a->to, into, name);
	a->failed |= child == CALLS_NONE;
	if (!a->failed)
		align(a, child, some);
}

static void align(struct aligned *a, uint32_t into, const struct items from[2])
{
	struct items list[2] = {{0}, {0}};
	unsigned int side, pass;
	size_t at[2] = {0, 0}, i;
	bool more = true;

	for (side = 0; side < 2; side++) {
		for (i = 0; i < from[side].nr; i++) {
			const struct call_node *n = &a->of[side]->node[from[side].item[i].node];

			a->to->node[into].own[side] += n->own[0];
			a->to->node[into].calls[side] += n->calls[0];
			add_children(a, side, from[side].item[i].node, &list[side]);
		}
		sort(&list[side]);
	}
	for (pass = 0; more && pass < PASSES; pass++) {
		more = take_parts(a, 0, into, &list[0], &list[1]);
		more |= take_parts(a, 1, into, &list[1], &list[0]);
	}
	while (!a->failed && (at[0] < list[0].nr || at[1] < list[1].nr))
		next(a, into, list, at);
	free(list[0].item);
	free(list[1].item);
}

/* The common number of a name; CALLS_NONE without memory. */
static uint32_t common_name(struct call_tree *to, const char *name)
{
	size_t len = strlen(name), end = 1 + strcspn(name + 1, "."), cut = strlen(allocation);
	char *plain;
	uint32_t number;

	if (len > 1 && end < len)
		len = end;
	if (len > cut && !strncmp(name + len - cut, allocation, cut))
		len -= cut;
	plain = strndup(name, len);
	number = plain ? call_tree_name(to, plain) : CALLS_NONE;
	free(plain);
	return number;
}

static bool name_all(struct aligned *a, unsigned int side)
{
	const struct call_tree *t = a->of[side];
	uint32_t i;

	a->name[side] = calloc(t->nr_names + 1, sizeof(*a->name[side]));
	for (i = 0; a->name[side] && i < t->nr_names; i++) {
		a->name[side][i] = common_name(a->to, t->name[i]);
		if (a->name[side][i] == CALLS_NONE)
			return false;
	}
	return a->name[side];
}

static bool note_there(struct aligned *a, unsigned int side)
{
	uint32_t i;

	a->there[side] = calloc(a->to->nr_names + 1, sizeof(*a->there[side]));
	for (i = 0; a->there[side] && i < a->of[side]->nr_names; i++)
		a->there[side][a->name[side][i]] = true;
	return a->there[side];
}

bool call_align(struct call_tree *ret, const struct call_tree *base, const struct call_tree *other)
{
	struct aligned a = {.to = ret, .of = {base, other}};
	struct item root = {0, 0};
	const struct items roots[2] = {{&root, 1, 0}, {&root, 1, 0}};
	unsigned int side;

	a.failed = !name_all(&a, 0) || !name_all(&a, 1) || !note_there(&a, 0) || !note_there(&a, 1);
	if (!a.failed)
		align(&a, 0, roots);
	for (side = 0; side < 2; side++) {
		ret->cut[side] = a.of[side]->cut[0];
		ret->odd[side] = a.of[side]->odd[0];
		ret->ops[side] = a.of[side]->ops[0];
		free(a.name[side]);
		free(a.there[side]);
	}
	return !a.failed;
}
