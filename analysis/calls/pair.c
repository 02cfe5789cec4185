// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/calls/pair.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/calls/align.h"
#include "analysis/calls/sampled.h"
#include "analysis/compare/pairs.h"

/* Adds side 0 of a tree to that side of another, path by path. */
static bool add_side(struct call_tree *to, const struct call_tree *from, unsigned int side)
{
	uint32_t *at = calloc(from->nr, sizeof(*at)), i, name;
	bool ok = at;

	for (i = 1; ok && i < from->nr; i++) {
		name = call_tree_name(to, from->name[from->node[i].function]);
		at[i] = name == CALLS_NONE ? name
					   : call_tree_child(to, at[from->node[i].parent], name);
		ok = at[i] != CALLS_NONE;
		if (ok)
			to->node[at[i]].own[side] += from->node[i].own[0];
	}
	free(at);
	return ok;
}

/* What one of them has no sample in may well have been executed there: nothing is made of that. */
static struct call_tree *join(struct call_tree *const side[2])
{
	struct call_tree *tree = call_tree_new();

	if (tree)
		tree->event = strdup(side[0]->event);
	return call_tree_done(tree, tree && tree->event && add_side(tree, side[0], 0) &&
					    add_side(tree, side[1], 1));
}

static struct call_tree *pair_samples(const struct result_cell *base,
				      const struct result_cell *other)
{
	struct call_tree *side[2], *tree = NULL;

	if (!sampled_event(base) || !sampled_event(other) ||
	    strcmp(sampled_event(base), sampled_event(other)))
		return NULL;
	side[0] = call_tree_of(base, false);
	side[1] = call_tree_of(other, false);
	if (side[0] && side[0]->event && side[1] && side[1]->event)
		tree = join(side);
	call_tree_free(side[0]);
	call_tree_free(side[1]);
	return tree;
}

static struct call_tree *pair_counted(const struct result_cell *base,
				      const struct result_cell *other)
{
	struct call_tree *tree = NULL, *side[2];
	struct pair pair;

	pair_cells(&pair, base, other);
	side[0] = pair.paired ? call_tree_of(&pair.cell[0], false) : NULL;
	side[1] = pair.paired ? call_tree_of(&pair.cell[1], false) : NULL;
	if (side[0] && side[1] && !side[0]->event && !side[1]->event)
		tree = call_tree_new();
	if (tree)
		tree = call_tree_done(tree, call_align(tree, side[0], side[1]));
	call_tree_free(side[0]);
	call_tree_free(side[1]);
	pair_free(&pair);
	return tree;
}

struct call_tree *call_tree_pair(const struct result_cell *base, const struct result_cell *other)
{
	if (!other)
		return call_tree_of(base, false);
	return sampled_event(base) ? pair_samples(base, other) : pair_counted(base, other);
}
