// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/calls/calls.h"

#include <stdint.h>

static json_int_t at(const json_t *array, size_t index)
{
	return json_integer_value(json_array_get(array, index));
}

json_int_t calls_insns(const json_t *tree)
{
	json_int_t sum = 0;
	json_t *node;
	size_t i;

	json_array_foreach(tree, i, node) {
		sum += at(node, CALLS_INSNS);
	}
	return sum;
}

static json_int_t sum_of(const json_t *array)
{
	json_int_t sum = 0;
	json_t *value;
	size_t i;

	json_array_foreach(array, i, value) {
		sum = (json_int_t)((uint64_t)sum + (uint64_t)json_integer_value(value));
	}
	return sum;
}

#define MOST (1LL << 46) /* of a node's numbers: so many instructions are days, and sums fit */

static const char *node_fault(const json_t *node, size_t number, size_t functions)
{
	json_t *value;
	size_t i;

	if (json_array_size(node) != NR_CALLS_COLUMNS)
		return "\"calls\": a node has not four numbers";
	json_array_foreach(node, i, value) {
		if (!json_is_integer(value) || json_integer_value(value) > MOST ||
		    json_integer_value(value) < (i == CALLS_PARENT ? -1 : 0))
			return "\"calls\": a node has not four numbers";
	}
	if (at(node, CALLS_PARENT) >= (json_int_t)number)
		return "\"calls\": a node's parent is not before it";
	if (at(node, CALLS_FUNCTION) >= (json_int_t)functions)
		return "\"calls\": a node's function has no name";
	return NULL;
}

static const char *tree_fault(const json_t *tree, size_t functions)
{
	uint16_t depth[CALLS_NODES];
	const char *fault;
	json_int_t parent;
	json_t *node;
	size_t i;

	if (!json_is_array(tree) || json_array_size(tree) > CALLS_NODES)
		return "\"calls\": a tree is missing, or has more than 65536 nodes";
	json_array_foreach(tree, i, node) {
		fault = node_fault(node, i, functions);
		if (fault)
			return fault;
		parent = at(node, CALLS_PARENT);
		depth[i] = parent < 0 ? 1 : (uint16_t)(depth[parent] + 1);
		if (depth[i] > CALLS_DEPTH)
			return "\"calls\": a path has more than 1024 functions";
	}
	return NULL;
}

static const char *functions_fault(const json_t *functions)
{
	json_t *name;
	size_t i;

	json_array_foreach(functions, i, name) {
		if (!json_is_string(name) || !*json_string_value(name))
			return "\"calls\": a function's name is no text";
	}
	return NULL;
}

const char *calls_fault(const json_t *calls, const json_t *samples, const json_t *interrupts)
{
	const json_t *functions = json_object_get(calls, "functions");
	const json_t *op = json_object_get(calls, "op");
	const json_t *others = json_object_get(calls, "interrupts");
	const char *fault = functions_fault(functions);

	fault = fault ? fault : tree_fault(op, json_array_size(functions));
	fault = fault ? fault : tree_fault(others, json_array_size(functions));
	if (!fault &&
	    (calls_insns(op) != sum_of(samples) || calls_insns(others) != sum_of(interrupts)))
		fault = "\"calls\": they do not sum up to the run's instructions";
	return fault;
}
