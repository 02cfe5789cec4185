// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/calls/pair.h"

#include <string.h>

#include "analysis/calls/align.h"
#include "analysis/calls/sampled.h"
#include "analysis/compare/pairs.h"

/* Two trees of samples. NULL without memory, or of two events. */
static struct call_tree *join(const struct call_tree *base, const struct call_tree *other)
{
	struct call_tree *tree = NULL;

	if (base && base->event && other && other->event && !strcmp(base->event, other->event))
		tree = call_tree_new();
	if (tree)
		tree->event = strdup(base->event);
	return tree ? call_tree_done(tree, tree->event && call_align(tree, base, other)) : NULL;
}

static struct call_tree *pair_samples(const struct result_cell *base,
				      const struct result_cell *other)
{
	struct call_tree *side[2] = {call_tree_of(base, false), call_tree_of(other, false)};
	struct call_tree *tree = join(side[0], side[1]);

	call_tree_free(side[0]);
	call_tree_free(side[1]);
	return tree;
}

struct call_tree **call_tree_units(const struct result_cell *base, const struct result_cell *other,
				   unsigned int side, size_t *ret_nr)
{
	struct call_tree **units = sampled_units(side ? other : base, ret_nr), *unit;
	struct call_tree *rest = call_tree_of(side ? base : other, false);
	size_t i, nr = *ret_nr;

	*ret_nr = 0;
	for (i = 0; i < nr; i++) {
		unit = side ? join(rest, units[i]) : join(units[i], rest);
		call_tree_free(units[i]);
		if (unit)
			units[(*ret_nr)++] = unit;
	}
	call_tree_free(rest);
	return units;
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
