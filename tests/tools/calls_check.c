// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls-check JOURNAL: whether the calls of its runs that counted, and the instructions that they
 * executed, are, by function, what the runs say of functions.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "common/calls/calls.h"
#include "common/journal.h"
#include "common/msg.h"

/* A function without what a compiler has put elsewhere of it. */
static void add_insns(json_t *sums, const char *name, json_int_t insns)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "%.*s",
		 (int)(strlen(name) - strlen(strstr(name, ".cold") ?: "")), name);
	json_object_set_new(sums, whole,
			    json_integer(json_integer_value(json_object_get(sums, whole)) + insns));
}

/* The sums of all instructions by function. */
static json_t *code_of(const json_t *calls)
{
	json_t *sums = json_object(), *piece;
	size_t i;

	json_array_foreach(json_object_get(calls, "code"), i, piece) {
		add_insns(
			sums,
			json_string_value(json_array_get(
				json_object_get(calls, "functions"),
				(size_t)json_integer_value(json_array_get(piece, CODE_FUNCTION)))),
			json_integer_value(json_array_get(piece, CODE_EXECUTED)) *
				(json_int_t)json_string_length(
					json_array_get(piece, CODE_LENGTHS)));
	}
	return sums;
}

/* By function, what was executed on all paths is what blocks say; and nothing was missed. */
static bool good_calls(const json_t *run)
{
	const json_t *calls = json_object_get(run, "calls");
	json_t *paths = json_object(), *blocks = json_object(), *code = code_of(calls), *node,
	       *function;
	const char *name;
	bool same;
	size_t i;

	json_array_foreach(json_object_get(calls, "op"), i, node) {
		function = json_array_get(json_object_get(calls, "functions"),
					  (size_t)json_integer_value(json_array_get(node, 1)));
		if (json_integer_value(json_array_get(node, 2)))
			add_insns(paths, json_string_value(function),
				  json_integer_value(json_array_get(node, 2)));
	}
	json_object_foreach(json_object_get(run, "functions"), name, function)
		add_insns(blocks, name, json_integer_value(json_object_get(function, "insn")));
	same = json_object_size(paths) && json_equal(paths, blocks) && json_equal(code, blocks) &&
	       !json_integer_value(json_object_get(calls, "odd")) &&
	       !json_integer_value(json_object_get(calls, "cut"));
	json_decref(paths);
	json_decref(blocks);
	json_decref(code);
	return same;
}

static bool take_line(void *arg, const json_t *record, size_t lineno)
{
	size_t *nr = arg;

	if (!json_object_get(record, "functions"))
		return true;
	++*nr;
	return good_calls(record) || err("line %zu: calls are not what functions say", lineno);
}

int main(int argc, char **argv)
{
	size_t nr = 0;

	msg_init("calls-check");
	if (argc != 2 || !journal_read(argv[1], take_line, &nr))
		return 1;
	printf("%zu runs have calls\n", nr);
	return nr ? 0 : 1;
}
