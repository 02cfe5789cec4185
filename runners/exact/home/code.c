// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/home/code.h"

#include <stdlib.h>
#include <string.h>

#include "common/calls/calls.h"
#include "runners/exact/home/counted.h"

/* An instruction of a block. */
struct insn {
	uint64_t addr, executed;
	char length;
};

void named_init(struct named *n, const struct symbols *symbols)
{
	*n = (struct named){symbols, symbols_index(symbols), json_array(), json_object()};
}

void named_free(struct named *n)
{
	json_decref(n->index);
	json_decref(n->functions);
	json_decref(n->numbers);
}

json_t *named_number(struct named *n, uint64_t addr)
{
	const struct symbol *symbol = symbols_find(n->symbols, addr);
	const char *name =
		symbol ? symbols_whole(n->symbols, n->index, symbol)->name : CALLS_UNNAMED;
	json_t *number = json_object_get(n->numbers, name);

	if (number)
		return json_incref(number);
	number = json_integer((json_int_t)json_array_size(n->functions));
	json_array_append_new(n->functions, json_string(name));
	json_object_set(n->numbers, name, number);
	return number;
}

static size_t count_insns(const json_t *blocks)
{
	const json_t *block;
	size_t nr = 0, i;

	json_array_foreach(blocks, i, block) {
		nr += strlen(counted_lengths(block));
	}
	return nr;
}

static int length_of(char digit)
{
	return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

static struct insn *add_block(struct insn *to, const json_t *block)
{
	uint64_t addr = counted_address(block), executed = counted_executed(block);
	const char *length;

	for (length = counted_lengths(block); *length; length++) {
		*to++ = (struct insn){addr, executed, *length};
		addr += (uint64_t)length_of(*length);
	}
	return to;
}

static int by_address(const void *a, const void *b)
{
	const struct insn *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

/* Puts together what several blocks have of one instruction. Returns how many are left. */
static size_t merge(struct insn *insn, size_t nr)
{
	size_t i, kept = 0;

	for (i = 0; i < nr; i++) {
		if (kept && insn[kept - 1].addr == insn[i].addr)
			insn[kept - 1].executed += insn[i].executed;
		else
			insn[kept++] = insn[i];
	}
	return kept;
}

/* All instructions of the blocks, in order, each once; free it. NULL if there is none. */
static struct insn *insns_of(const json_t *blocks, size_t *ret_nr)
{
	struct insn *insn = calloc(count_insns(blocks) + 1, sizeof(*insn)), *end = insn;
	const json_t *block;
	size_t i;

	if (!insn)
		abort();
	json_array_foreach(blocks, i, block) {
		end = add_block(end, block);
	}
	qsort(insn, (size_t)(end - insn), sizeof(*insn), by_address);
	*ret_nr = merge(insn, (size_t)(end - insn));
	return insn;
}

/* How many from the first on, whose function is given, make one piece. */
static size_t piece_of(const struct insn *insn, size_t nr, struct named *names, const json_t *of)
{
	const struct insn *last;
	json_t *function;
	bool same = true;
	size_t i;

	for (i = 1; i < nr; i++) {
		last = &insn[i - 1];
		if (insn[i].addr != last->addr + (uint64_t)length_of(last->length) ||
		    insn[i].executed != insn->executed)
			break;
		function = named_number(names, insn[i].addr);
		same = function == of;
		json_decref(function);
		if (!same)
			break;
	}
	return i;
}

void code_add(json_t *calls, const json_t *blocks, struct named *names)
{
	json_t *code = json_array(), *function;
	struct insn *insn;
	size_t nr, i, k, len;
	char *lengths;

	insn = insns_of(blocks, &nr);
	lengths = malloc(nr + 1);
	if (!lengths)
		abort();
	for (i = 0; i < nr; i += len) {
		function = named_number(names, insn[i].addr);
		len = piece_of(insn + i, nr - i, names, function);
		for (k = 0; k < len; k++)
			lengths[k] = insn[i + k].length;
		json_array_append_new(code, json_pack("[o,I,I,s%]", function,
						      (json_int_t)(insn[i].addr - insn[0].addr),
						      (json_int_t)insn[i].executed, lengths, len));
	}
	json_object_set_new(calls, "base",
			    json_sprintf("%llx", nr ? (unsigned long long)insn[0].addr : 1));
	json_object_set_new(calls, "code", code);
	free(lengths);
	free(insn);
}
