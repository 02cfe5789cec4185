// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/home/counted.h"

#include "common/caches/model.h"
#include "common/exact/names.h"

enum {
	BLOCK_ADDR,
	BLOCK_INSNS,
	BLOCK_EXECUTED,
	BLOCK_LENGTHS,
	BLOCK_CLASSES
};

json_t *counted_column(const json_t *iterations, size_t index)
{
	json_t *array = json_array(), *it;
	size_t i;

	json_array_foreach(iterations, i, it) {
		json_array_append(array, json_array_get(it, index));
	}
	return array;
}

static bool all_zero(const json_t *array)
{
	json_t *value;
	size_t i;

	json_array_foreach(array, i, value) {
		if (json_integer_value(value))
			return false;
	}
	return true;
}

/*
 * Whether a class has its place although none was executed: those that show that others are told
 * apart as well; and what is looked for where there are several vCPUs.
 */
static bool is_told(const json_t *counts, size_t class, bool several)
{
	return class == INSN_SPIN || (class == INSN_CACHE && insn_counts_on(counts, ON_ARM64)) ||
	       (class == INSN_IPI && several) ||
	       (class == INSN_EXCLUSIVE_FAILED && several &&
		json_object_get(counts, insn_class_name(INSN_EXCLUSIVE)));
}

json_t *counted_counts(const json_t *iterations, bool several)
{
	json_t *counts = json_object(), *values;
	size_t i;

	json_object_set_new(counts, "user", counted_column(iterations, IT_USER));
	json_object_set_new(counts, "interrupt", counted_column(iterations, IT_INTERRUPT));
	json_object_set_new(counts, "interrupts", counted_column(iterations, IT_INTERRUPTS));
	for (i = 0; i < NR_INSN_CLASSES; i++) {
		values = counted_column(iterations, IT_CLASSES + i);
		if (!all_zero(values) || is_told(counts, i, several))
			json_object_set(counts, insn_class_name((enum insn_class)i), values);
		json_decref(values);
	}
	return counts;
}

static void add(json_t *object, const char *key, json_int_t more)
{
	json_int_t sum = json_integer_value(json_object_get(object, key)) + more;

	if (more)
		json_object_set_new(object, key, json_integer(sum));
}

static json_int_t at(const json_t *array, size_t index)
{
	return json_integer_value(json_array_get(array, index));
}

json_int_t counted_switches(const json_t *turn)
{
	return at(turn, TURNS_SWITCHES);
}

uint64_t counted_address(const json_t *block)
{
	return (uint64_t)at(block, BLOCK_ADDR);
}

uint64_t counted_executed(const json_t *block)
{
	return (uint64_t)at(block, BLOCK_EXECUTED);
}

const char *counted_lengths(const json_t *block)
{
	const char *lengths = json_string_value(json_array_get(block, BLOCK_LENGTHS));

	return lengths ? lengths : "";
}

static void add_block(const struct symbols *symbols, json_t *functions, const json_t *block)
{
	uint64_t addr = counted_address(block);
	const struct symbol *symbol = symbols_find(symbols, addr);
	const char *name = symbol ? symbol->name : "[unnamed]";
	json_t *function = json_object_get(functions, name);
	json_int_t executed = at(block, BLOCK_EXECUTED);
	size_t i;

	if (!function) {
		function = json_object();
		json_object_set_new(functions, name, function);
		if (symbol)
			json_object_set_new(function, "addr",
					    json_sprintf("%llx", (unsigned long long)symbol->addr));
	}
	add(function, "insn", executed * at(block, BLOCK_INSNS));
	if (symbol && symbol->addr == addr)
		add(function, "calls", executed);
	for (i = 0; i < NR_INSN_CLASSES; i++)
		add(function, insn_class_name((enum insn_class)i),
		    executed * at(block, BLOCK_CLASSES + i));
}

json_t *counted_functions(const struct symbols *symbols, const json_t *blocks)
{
	json_t *functions = json_object(), *block;
	size_t i;

	json_array_foreach(blocks, i, block) {
		add_block(symbols, functions, block);
	}
	return functions;
}

json_t *counted_misses(const char *geometry, const json_t *misses)
{
	json_t *modelled = json_object();
	struct cache_model model;
	int level;

	json_object_set_new(modelled, "caches", json_string(geometry));
	json_object_set_new(modelled, "accesses", counted_column(misses, 0));
	for (level = 0; cache_model_parse(&model, geometry) && level < NR_CACHE_LEVELS; level++)
		if (model.level[level].sets)
			json_object_set_new(modelled, cache_model_misses((enum cache_level)level),
					    counted_column(misses, (size_t)level + 1));
	return modelled;
}
