// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/calls/cell.h"

#include <stdlib.h>

#include "analysis/calls/sampled.h"
#include "analysis/compare/units.h"
#include "common/calls/calls.h"

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
	bool ok = true;
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

static bool is_counted(const struct result_cell *cell)
{
	bool all = cell && cell->nr_ok;
	size_t i;

	for (i = 0; all && i < cell->nr; i++)
		all = cell->runs[i].status != RUN_OK || cell->runs[i].calls;
	return all;
}

bool call_tree_known(const struct result_cell *cell)
{
	return is_counted(cell) || sampled_event(cell);
}

struct call_tree *call_tree_of(const struct result_cell *cell, bool summed)
{
	struct call_tree *t = call_tree_new();

	if (is_counted(cell))
		return call_tree_done(t, t && add_cell(t, cell, summed));
	return call_tree_done(t, t && sampled_add(t, cell, summed));
}
