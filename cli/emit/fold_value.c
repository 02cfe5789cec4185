// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is known of expressions, and what is left of them.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/emit/fold_parts.h"

const json_t *fold_number(struct fold *f, long value)
{
	json_t *kept = json_integer(value);

	json_array_append_new(f->pool, kept);
	return kept;
}

const json_t *fold_name(struct fold *f, const char *word)
{
	fold_say(f, "=%s", word);
	return json_array_get(f->pool, json_array_size(f->pool) - 1);
}

bool fold_is_word(const char *text)
{
	return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == strlen(text) ||
	       !strcmp(text, "true") || !strcmp(text, "false");
}

bool fold_is_flags(const char *text)
{
	return strchr(text, '|') &&
	       strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789 |()") == strlen(text);
}

const char *fold_without_brackets(struct fold *f, const char *text)
{
	const char *p = text;
	int depth = 0;

	if (*text != '(')
		return text;
	do {
		depth += *p == '(';
		depth -= *p == ')';
		p++;
	} while (depth && *p);
	return *p ? text : fold_say(f, "%.*s", (int)(p - text) - 2, text + 1);
}

const char *fold_bracketed(struct fold *f, const char *text)
{
	struct lex_token *all = lex_all(text), *t;
	bool operators = false;
	int depth = 0;

	for (t = all; t->len; t++) {
		depth += lex_is(*t, "(") || lex_is(*t, "[");
		depth -= lex_is(*t, ")") || lex_is(*t, "]");
		operators |= !depth && t > all && !t->is_name &&
			     !strchr("()[].0123456789\"", *t->start) && !lex_is(*t, "->");
	}
	free(all);
	return operators ? fold_say(f, "(%s)", text) : text;
}

bool fold_truth(const json_t *known)
{
	return !json_is_integer(known) || json_integer_value(known);
}

struct fold_value fold_plain(const char *text, bool simple)
{
	return (struct fold_value){.whole = text, .text = text, .simple = simple};
}

/* The same, if something is known of it. */
struct fold_value fold_looked_up(struct fold *f, const char *text)
{
	struct fold_value v = fold_plain(text, true);
	const json_t *fact = json_object_get(f->local, text) ?: json_object_get(f->facts, text);
	const char *symbol = json_string_value(fact);

	if (symbol && *symbol == '=') {
		v = fold_looked_up(f, symbol + 1);
		if (!v.known && strspn(symbol + 1, "0123456789L") == strlen(symbol + 1))
			v.known = fold_number(f, atol(symbol + 1));
		return v;
	}
	v.known = json_is_null(fact) ? NULL : fact;
	return v;
}

struct fold_value fold_joined(struct fold *f, struct fold_value a, const char *op,
			      struct fold_value b)
{
	return fold_plain(fold_say(f, "%s %s %s", a.whole, op, b.whole), false);
}

const char *fold_chain(struct fold *f, const char *first, const char *then)
{
	return first && then ? fold_say(f, "%s;\n%s", first, then) : first ?: then;
}

/* || or &&, of which the left side does not decide. */
static struct fold_value after(struct fold *f, struct fold_value a, struct fold_value v,
			       struct fold_value b)
{
	if (!a.before)
		return b;
	v.before = fold_chain(f, a.before, b.before);
	v.text = b.text;
	v.known = b.known;
	v.simple = b.simple;
	return v;
}

/* A call that is made if something holds. */
const char *fold_under(struct fold *f, const char *condition, const char *call)
{
	return fold_say(f, "if (%s)\t%s", condition, call);
}

/* A comparison, which needs no brackets beside || or &&. */
static const char *compared(struct fold *f, const char *text)
{
	return strpbrk(text, "|&?") || strstr(text, " = ") ? text : fold_without_brackets(f, text);
}

struct fold_value fold_either(struct fold *f, struct fold_value a, const char *op,
			      struct fold_value b)
{
	bool or = *op == '|';
	struct fold_value v;

	b.whole = compared(f, b.whole);
	if (a.known && fold_truth(a.known) == or)
		return a;
	if (a.known)
		return after(f, a, fold_joined(f, a, op, b), b);
	v = fold_joined(f, a, op, b);
	if (b.known && b.before && !fold_truth(b.known)) {
		/* Done if a does not end it; or if a holds. */
		v.text = a.text;
		v.simple = a.simple;
		v.before = or ? a.before : fold_chain(f, a.before, fold_under(f, a.text, b.before));
		v.after = or ? fold_chain(f, a.after, b.before) : NULL;
		v.known = or ? NULL : b.known;
		return v;
	}
	if (!b.known || b.before)
		return v;
	if (fold_truth(b.known) != or)
		return a;
	return strpbrk(a.whole, "(") || strstr(a.whole, " = ") ? v : b;
}

bool fold_equal(const json_t *a, const json_t *b)
{
	return json_equal((json_t *)a, (json_t *)b);
}

/* Of two numbers. False if there is no such value. */
static bool computed(const char *op, long a, long b, long *ret)
{
	const char *const all = "+ - * / % & | < > <<>><=>===!=";
	const char *at = strstr(all, op);
	size_t len = strlen(op);

	if (!at || ((*op == '/' || *op == '%') && !b))
		return false;
	if (len == 2)
		*ret = !strcmp(op, "<<")   ? (long)((unsigned long)a << b)
		       : !strcmp(op, ">>") ? a >> b
		       : !strcmp(op, "<=") ? a <= b
		       : !strcmp(op, ">=") ? a >= b
		       : !strcmp(op, "==") ? a == b
					   : a != b;
	else
		*ret = *op == '+'   ? a + b
		       : *op == '-' ? a - b
		       : *op == '*' ? a * b
		       : *op == '/' ? a / b
		       : *op == '%' ? a % b
		       : *op == '&' ? a & b
		       : *op == '|' ? a | b
		       : *op == '<' ? a < b
				    : a > b;
	return true;
}

/* Whether this operator does nothing with that on its right (or left). */
static bool changes_nothing(const char *op, struct fold_value other, bool right)
{
	long n = json_integer_value(other.known);

	if (!json_is_integer(other.known) || other.before || op[1])
		return false;
	return (*op == '*' && n == 1) || (*op == '+' && n == 0) ||
	       (right && ((*op == '/' && n == 1) || (*op == '-' && n == 0)));
}

struct fold_value fold_arithmetic(struct fold *f, struct fold_value a, const char *op,
				  struct fold_value b)
{
	struct fold_value v;
	long result;

	if (!strcmp(op, "|") && fold_is_flags(a.whole))
		a.whole = fold_without_brackets(f, a.whole);
	v = fold_joined(f, a, op, b);
	if (json_object_get(f->facts, v.whole))
		return fold_looked_up(f, v.whole);
	if (changes_nothing(op, b, true) && !a.before)
		return a;
	if (changes_nothing(op, a, false) && !b.before)
		return b;
	if (!strcmp(op, "%") && json_is_integer(b.known) && json_integer_value(b.known) == 1 &&
	    !a.before)
		return (struct fold_value){"0", .text = "0", .known = fold_number(f, 0),
					   .simple = true};
	if (!a.known || !b.known || a.before || b.before)
		return v;
	if (json_is_integer(a.known) && json_is_integer(b.known)) {
		if (!computed(op, json_integer_value(a.known), json_integer_value(b.known),
			      &result))
			return v;
		if (op[strlen(op) - 1] == '=')
			v = fold_plain(result ? "true" : "false", true);
		v.known = fold_number(f, result);
	} else if (!strcmp(op, "==") || !strcmp(op, "!=")) {
		v.known = fold_number(f, fold_equal(a.known, b.known) == (*op == '='));
	}
	return v;
}
