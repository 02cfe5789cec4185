// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/calls/code.h"

#include <stdlib.h>
#include <string.h>

#include "common/calls/calls.h"

static json_int_t at(const json_t *piece, size_t column)
{
	return json_integer_value(json_array_get(piece, column));
}

static const char *lengths_of(const json_t *piece)
{
	return json_string_value(json_array_get(piece, CODE_LENGTHS));
}

/* Room for so many more. */
static bool make_room(struct code *code, size_t nr)
{
	struct code_insn *more = realloc(code->insn, (code->nr + nr + 1) * sizeof(*more));

	if (more)
		code->insn = more;
	return more;
}

static void add_piece(struct code *code, uint64_t base, uint32_t function, const json_t *piece)
{
	const char *length = lengths_of(piece);
	uint64_t addr = base + (uint64_t)at(piece, CODE_AT);

	for (; *length; length++) {
		code->insn[code->nr++] =
			(struct code_insn){addr, function, (double)at(piece, CODE_EXECUTED)};
		addr += (uint64_t)(*length <= '9' ? *length - '0' : *length - 'a' + 10);
	}
}

static bool add_run(struct code *code, struct call_tree *t, const json_t *calls)
{
	const json_t *functions = json_object_get(calls, "functions");
	const json_t *pieces = json_object_get(calls, "code"), *piece;
	const char *base = json_string_value(json_object_get(calls, "base"));
	uint32_t function;
	bool ok = pieces;
	size_t i;

	json_array_foreach(pieces, i, piece) {
		function = call_tree_name(t, json_string_value(json_array_get(
						     functions, (size_t)at(piece, CODE_FUNCTION))));
		ok = ok && function != CALLS_NONE && make_room(code, strlen(lengths_of(piece)));
		if (ok)
			add_piece(code, strtoull(base, NULL, 16), function, piece);
	}
	return ok;
}

static int by_function(const void *a, const void *b)
{
	const struct code_insn *x = a, *y = b;

	if (x->function != y->function)
		return x->function < y->function ? -1 : 1;
	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

/* Sums up what several runs have of one instruction. */
static void merge(struct code *code)
{
	struct code_insn *insn = code->insn;
	size_t i, kept = 0;

	qsort(insn, code->nr, sizeof(*insn), by_function);
	for (i = 0; i < code->nr; i++) {
		if (kept && !by_function(&insn[kept - 1], &insn[i]))
			insn[kept - 1].executed += insn[i].executed;
		else
			insn[kept++] = insn[i];
	}
	code->nr = kept;
}

bool code_of(struct code *code, struct call_tree *t, const struct result_cell *cell)
{
	bool ok = true;
	size_t i;

	*code = (struct code){0};
	for (i = 0; ok && i < cell->nr; i++)
		if (cell->runs[i].status == RUN_OK)
			ok = cell->runs[i].calls && add_run(code, t, cell->runs[i].calls);
	if (ok && code->nr)
		merge(code);
	else
		code_free(code);
	return code->nr;
}

void code_free(struct code *code)
{
	free(code->insn);
	*code = (struct code){0};
}
