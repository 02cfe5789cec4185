// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/home/paths.h"

#include <stdlib.h>

#include "common/calls/calls.h"
#include "common/io.h"
#include "common/record.h"
#include "runners/exact/home/code.h"
#include "runners/exact/home/function_at.h"

#define VECTORS_MOST 128

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
	json_t *index = symbols_index(s);
	size_t nr = 0, i;
	bool ok = at;

	for (i = 0; ok && i < s->nr; i++) {
		at[nr++] = (struct function_at){s->symbol[i].addr,
						symbols_whole(s, index, &s->symbol[i])->addr};
		nr += put_vectors(s, i, at + nr, VECTORS_MOST + i + 1 - nr);
	}
	ok = ok && io_write_all(fd, (const char *)at, nr * sizeof(*at));
	json_decref(index);
	free(at);
	return ok;
}

/* A tree whose functions are numbers of names. */
static json_t *named(const json_t *tree, struct named *names)
{
	json_t *ret = json_array(), *node, *copy;
	uint64_t addr;
	size_t i;

	json_array_foreach(tree, i, node) {
		addr = (uint64_t)json_integer_value(json_array_get(node, CALLS_FUNCTION));
		copy = json_copy(node);
		json_array_set_new(copy, CALLS_FUNCTION, named_number(names, addr));
		json_array_append_new(ret, copy);
	}
	return ret;
}

json_t *paths_of(const json_t *tree, const json_t *blocks, const struct symbols *symbols,
		 const json_t *iterations, const json_t *interrupts)
{
	struct named names;
	json_t *op, *others, *ret;

	named_init(&names, symbols);
	op = named(json_object_get(tree, "op"), &names);
	others = named(json_object_get(tree, "interrupts"), &names);
	ret = json_pack("{s:O,s:o,s:o,s:O,s:O}", "functions", names.functions, "op", op,
			"interrupts", others, "cut", json_object_get(tree, "cut"), "odd",
			json_object_get(tree, "odd"));
	code_add(ret, blocks, &names);
	named_free(&names);
	if (calls_insns(op) == (json_int_t)record_sum(iterations) &&
	    calls_insns(others) == (json_int_t)record_sum(interrupts) &&
	    calls_code_insns(json_object_get(ret, "code")) == (json_int_t)record_sum(iterations))
		return ret;
	json_decref(ret);
	return NULL;
}
