// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/paths.h"

#include <stdlib.h>
#include <string.h>

#include "common/calls/calls.h"
#include "common/io.h"
#include "common/record.h"
#include "runners/exact/function_at.h"

#define COLD	     ".cold"
#define VECTORS_MOST 128

/* {name: number of its symbol}; of names that several have, the first. */
static json_t *index_names(const struct symbols *s)
{
	json_t *index = json_object();
	size_t i;

	for (i = s->nr; i-- > 0;)
		json_object_set_new_nocheck(index, s->symbol[i].name, json_integer((json_int_t)i));
	return index;
}

static uint64_t part_of(const struct symbols *s, const json_t *index, size_t i)
{
	const char *name = s->symbol[i].name, *cold = strstr(name, COLD);
	char *whole = cold ? strndup(name, (size_t)(cold - name)) : NULL;
	const json_t *of = whole ? json_object_get(index, whole) : NULL;

	free(whole);
	return of ? s->symbol[json_integer_value(of)].addr : s->symbol[i].addr;
}

/* The vectors in the i-th symbol, as functions of their own. Returns how many, at most room. */
static size_t put_vectors(const struct symbols *s, size_t i, struct function_at *ret, size_t room)
{
	uint64_t vectors[VECTORS_MOST];
	size_t nr = symbols_user_vectors(s, &s->symbol[i], vectors, room), v;

	for (v = 0; v < nr; v++)
		ret[v] = (struct function_at){vectors[v], vectors[v]};
	return nr;
}

bool paths_tell(const struct symbols *s, int fd)
{
	struct function_at *at = calloc(s->nr + VECTORS_MOST, sizeof(*at));
	json_t *index = index_names(s);
	size_t nr = 0, i;
	bool ok = at;

	for (i = 0; ok && i < s->nr; i++) {
		at[nr++] = (struct function_at){s->symbol[i].addr, part_of(s, index, i)};
		nr += put_vectors(s, i, at + nr, VECTORS_MOST + i + 1 - nr);
	}
	ok = ok && io_write_all(fd, (const char *)at, nr * sizeof(*at));
	json_decref(index);
	free(at);
	return ok;
}

/* The number of a name in functions, which it is appended to. */
static json_t *take_name(json_t *functions, json_t *index, const char *name)
{
	json_t *number = json_object_get(index, name);

	if (number)
		return json_incref(number);
	number = json_integer((json_int_t)json_array_size(functions));
	json_array_append_new(functions, json_string(name));
	json_object_set(index, name, number);
	return number;
}

/* A tree whose functions are numbers of names. */
static json_t *named(const json_t *tree, const struct symbols *symbols, json_t *functions,
		     json_t *index)
{
	json_t *ret = json_array(), *node, *copy;
	const struct symbol *symbol;
	size_t i;

	json_array_foreach(tree, i, node) {
		symbol = symbols_find(symbols, (uint64_t)json_integer_value(
						       json_array_get(node, CALLS_FUNCTION)));
		copy = json_copy(node);
		json_array_set_new(copy, CALLS_FUNCTION,
				   take_name(functions, index,
					     symbol ? symbol->name : CALLS_UNNAMED));
		json_array_append_new(ret, copy);
	}
	return ret;
}

json_t *paths_of(const json_t *tree, const struct symbols *symbols, const json_t *iterations,
		 const json_t *interrupts)
{
	json_t *functions = json_array(), *index = json_object(), *ret;
	json_t *op = named(json_object_get(tree, "op"), symbols, functions, index);
	json_t *others = named(json_object_get(tree, "interrupts"), symbols, functions, index);

	json_decref(index);
	ret = json_pack("{s:o,s:o,s:o,s:O,s:O}", "functions", functions, "op", op, "interrupts",
			others, "cut", json_object_get(tree, "cut"), "odd",
			json_object_get(tree, "odd"));
	if (calls_insns(op) == (json_int_t)record_sum(iterations) &&
	    calls_insns(others) == (json_int_t)record_sum(interrupts))
		return ret;
	json_decref(ret);
	return NULL;
}
