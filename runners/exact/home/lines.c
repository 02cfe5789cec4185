// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/home/lines.h"

#include <stdint.h>

#include "common/exact/names.h"

/* The columns of runners/exact/touched.h. */
enum {
	AT_PAGE,
	AT_INSN,
	AT_NUMBERS
};

struct sums {
	json_int_t of[NR_DATA_KINDS][NR_LINE_NUMBERS];
};

static json_int_t at(const json_t *array, size_t index)
{
	return json_integer_value(json_array_get(array, index));
}

static void add_to_function(const struct symbols *symbols, json_t *functions, const json_t *part)
{
	const struct symbol *symbol = symbols_find(symbols, (uint64_t)at(part, AT_INSN));
	json_t *function = json_object_get(functions, symbol ? symbol->name : "[unnamed]");
	json_int_t lines = json_integer_value(json_object_get(function, "lines"));

	if (function)
		json_object_set_new(function, "lines", json_integer(lines + at(part, AT_NUMBERS)));
}

/* Appends to lists of the kinds, [an iteration each]. */
static void append(json_t *kinds, const struct sums *sums)
{
	size_t kind, i;
	json_t *lists;

	for (kind = 0; kind < NR_DATA_KINDS; kind++) {
		lists = json_object_get(kinds, data_kind_name((enum data_kind)kind));
		for (i = 0; i < NR_LINE_NUMBERS; i++)
			json_array_append_new(
				json_object_get(lists, line_number_name((enum line_number)i)),
				json_integer(sums->of[kind][i]));
	}
}

static json_t *empty_lists(void)
{
	json_t *kinds = json_object(), *lists;
	size_t kind, i;

	for (kind = 0; kind < NR_DATA_KINDS; kind++) {
		lists = json_object();
		for (i = 0; i < NR_LINE_NUMBERS; i++)
			json_object_set_new(lists, line_number_name((enum line_number)i),
					    json_array());
		json_object_set_new(kinds, data_kind_name((enum data_kind)kind), lists);
	}
	return kinds;
}

/* Kinds of which no op touches anything are left out. */
static void drop_empty(json_t *kinds)
{
	json_t *lists, *value;
	const char *name;
	bool any;
	void *next;
	size_t i;

	json_object_foreach_safe(kinds, next, name, lists)
	{
		any = false;
		json_array_foreach(json_object_get(lists, "lines"), i, value) {
			any |= json_integer_value(value) != 0;
		}
		if (!any)
			json_object_del(kinds, name);
	}
}

json_t *lines_of(const struct kinds *kinds, const json_t *touched, const char *memory,
		 const struct symbols *symbols, json_t *functions)
{
	json_t *ret = empty_lists(), *parts, *part;
	struct moment m;
	struct sums sums;
	size_t i, k, n;

	json_array_foreach(touched, i, parts) {
		if (!memory || !moment_read(&m, &memory)) {
			json_decref(ret);
			return NULL;
		}
		sums = (struct sums){0};
		json_array_foreach(parts, k, part) {
			enum data_kind kind = kinds_find(kinds, &m, (uint64_t)at(part, AT_PAGE));

			for (n = 0; n < NR_LINE_NUMBERS; n++)
				sums.of[kind][n] += at(part, AT_NUMBERS + n);
			add_to_function(symbols, functions, part);
		}
		append(ret, &sums);
		moment_free(&m);
	}
	drop_empty(ret);
	return ret;
}
