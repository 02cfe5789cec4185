// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/calls/pair.h"

#include "analysis/calls/align.h"
#include "analysis/compare/pairs.h"

struct call_tree *call_tree_pair(const struct result_cell *base, const struct result_cell *other)
{
	struct call_tree *tree = NULL, *side[2];
	struct pair pair;

	if (!other)
		return call_tree_of(base, false);
	pair_cells(&pair, base, other);
	side[0] = pair.paired ? call_tree_of(&pair.cell[0], false) : NULL;
	side[1] = pair.paired ? call_tree_of(&pair.cell[1], false) : NULL;
	if (side[0] && side[1])
		tree = call_tree_new();
	if (tree)
		tree = call_tree_done(tree, call_align(tree, side[0], side[1]));
	call_tree_free(side[0]);
	call_tree_free(side[1]);
	pair_free(&pair);
	return tree;
}
