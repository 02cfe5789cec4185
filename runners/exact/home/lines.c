// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/home/lines.h"

#include <stdint.h>

#include "common/exact/names.h"
#include "runners/exact/home/takers.h"

/* The columns of runners/exact/touched.h. */
enum {
	AT_PAGE,
	AT_INSN,
	AT_NUMBERS,
	AT_LAST_PAGE = AT_NUMBERS + NR_LINE_NUMBERS,
	AT_LAST_INSN
};

/* Who is asked. */
struct known {
	const struct kinds *kinds;
	const struct moment *moment;
	const struct symbols *symbols;
};

struct sums {
	json_int_t of[NR_DATA_KINDS][NR_LINE_NUMBERS];
};

static json_int_t at(const json_t *array, size_t index)
{
	return json_integer_value(json_array_get(array, index));
}

static const char *function_at(const struct symbols *symbols, const json_t *part, size_t insn)
{
	const struct symbol *symbol = symbols_find(symbols, (uint64_t)at(part, insn));

	return symbol ? symbol->name : "[unnamed]";
}

static void add_to_function(const struct symbols *symbols, json_t *functions, const json_t *part)
{
	json_t *function = json_object_get(functions, function_at(symbols, part, AT_INSN));
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

/* Lines of a page of no type, by who touched them last: where, or by which function; or first. */
static enum data_kind kind_by_taker(const struct known *known, const json_t *part)
{
	enum data_kind kind =
		kinds_find(known->kinds, known->moment, (uint64_t)at(part, AT_LAST_PAGE));

	if (kind == DATA_RAW)
		kind = takers_kind(function_at(known->symbols, part, AT_LAST_INSN));
	if (kind == DATA_RAW)
		kind = takers_kind(function_at(known->symbols, part, AT_INSN));
	return kind;
}

/*
 * What most of the lines are of that show it, from..to being the parts of a page of no type; in
 * front of it is another that is of a kind, or none (DATA_RAW). A page that was cleared and no more
 * may be the second of a pgd: x86-64 kernels that can isolate page tables have two of it
 * (PGD_ALLOCATION_ORDER), and then use the first alone.
 */
static enum data_kind usual_kind(const struct known *known, const json_t *parts, size_t from,
				 size_t to, enum data_kind in_front)
{
	json_int_t lines[NR_DATA_KINDS] = {0};
	enum data_kind kind, most = DATA_RAW;
	bool cleared = true;
	const json_t *part;

	for (; from < to; from++) {
		part = json_array_get(parts, from);
		kind = kind_by_taker(known, part);
		if (kind != DATA_RAW)
			lines[kind] += at(part, AT_NUMBERS);
		cleared &= takers_clear(function_at(known->symbols, part, AT_LAST_INSN));
	}
	for (kind = 0; kind < NR_DATA_KINDS; kind++)
		if (lines[kind] > lines[most])
			most = kind;
	return cleared && in_front == DATA_TABLES ? in_front : most;
}

/* Adds the parts from..to, all those of a page, of no type or of one. */
static void add_page(const struct known *known, const json_t *parts, size_t from, size_t to,
		     enum data_kind usual, struct sums *sums)
{
	uint64_t addr = (uint64_t)at(json_array_get(parts, from), AT_PAGE);
	bool untyped = kinds_find(known->kinds, known->moment, addr) == DATA_RAW;
	const json_t *part;
	enum data_kind kind;
	size_t n;

	for (; from < to; from++) {
		part = json_array_get(parts, from);
		kind = untyped ? kind_by_taker(known, part) : usual;
		kind = kind == DATA_RAW ? usual : kind;
		for (n = 0; n < NR_LINE_NUMBERS; n++)
			sums->of[kind][n] += at(part, AT_NUMBERS + n);
	}
}

/* The end of the parts that are of the same page as the first, and that page's address. */
static size_t end_of_page(const json_t *parts, size_t from, uint64_t *ret_addr)
{
	size_t to;

	*ret_addr = (uint64_t)at(json_array_get(parts, from), AT_PAGE);
	for (to = from + 1; to < json_array_size(parts); to++)
		if ((uint64_t)at(json_array_get(parts, to), AT_PAGE) != *ret_addr)
			break;
	return to;
}

/* What an op touched, in the order of pages. */
static struct sums sum_up(const struct known *known, const json_t *parts)
{
	const uint64_t page = known->kinds->page;
	uint64_t addr, next = 0; /* behind an even page of no type, which is of this kind: */
	enum data_kind kind, in_front = DATA_RAW;
	struct sums sums = {0};
	size_t from, to;

	for (from = 0; from < json_array_size(parts); from = to) {
		to = end_of_page(parts, from, &addr);
		kind = kinds_find(known->kinds, known->moment, addr);
		if (kind == DATA_RAW) {
			kind = usual_kind(known, parts, from, to,
					  addr == next ? in_front : DATA_RAW);
			next = addr / page % 2 ? 0 : addr + page;
			in_front = kind;
		}
		add_page(known, parts, from, to, kind, &sums);
	}
	return sums;
}

json_t *lines_of(const struct kinds *kinds, const json_t *touched, const char *memory,
		 const struct symbols *symbols, json_t *functions)
{
	json_t *ret = empty_lists(), *parts, *part;
	struct moment m;
	struct known known = {kinds, &m, symbols};
	struct sums sums;
	size_t i, k;

	json_array_foreach(touched, i, parts) {
		if (!memory || !moment_read(&m, &memory)) {
			json_decref(ret);
			return NULL;
		}
		sums = sum_up(&known, parts);
		append(ret, &sums);
		json_array_foreach(parts, k, part) {
			add_to_function(symbols, functions, part);
		}
		moment_free(&m);
	}
	drop_empty(ret);
	return ret;
}
