// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Expressions: read by precedence, and put together again of what is left.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/emit/fold_parts.h"

/* The lowest of binary operators is 1. */
static const struct {
	const char *text;
	int level;
} operators[] = {{"||", 1}, {"&&", 2}, {"|", 3}, {"^", 4},  {"&", 5},  {"==", 6},
		 {"!=", 6}, {"<", 7},  {">", 7}, {"<=", 7}, {">=", 7}, {"<<", 8},
		 {">>", 8}, {"+", 9},  {"-", 9}, {"*", 10}, {"/", 10}, {"%", 10}};

static struct fold_value unary(struct fold *f, const struct lex_token **t);

static struct fold_value binary(struct fold *f, const struct lex_token **t, int level)
{
	struct fold_value a = unary(f, t), b;
	size_t i, nr = sizeof(operators) / sizeof(operators[0]);
	bool decided;

	for (;;) {
		for (i = 0; i < nr && !lex_is(**t, operators[i].text); i++)
			;
		if (i == nr || operators[i].level < level)
			return a;
		++*t;
		decided = operators[i].level <= 2 && a.known &&
			  fold_truth(a.known) == (operators[i].level == 1);
		f->quiet += decided;
		b = binary(f, t, operators[i].level + 1);
		f->quiet -= decided;
		a = operators[i].level <= 2 ? fold_either(f, a, operators[i].text, b)
					    : fold_arithmetic(f, a, operators[i].text, b);
	}
}

/* Of a ?: and of a ? b : c with a known. */
static struct fold_value chosen(struct fold *f, struct fold_value a, const char *whole,
				struct fold_value v)
{
	if (!a.before)
		return v;
	v.before = fold_chain(f, a.before, v.before);
	v.whole = whole;
	return v;
}

static struct fold_value elvis(struct fold *f, const struct lex_token **t, struct fold_value a)
{
	struct fold_value b = fold_expression(f, t);
	const char *whole = fold_say(f, "%s ?: %s", a.whole, b.whole);

	if (a.known)
		return fold_truth(a.known) ? a : chosen(f, a, whole, b);
	return fold_plain(whole, false);
}

static struct fold_value ternary(struct fold *f, const struct lex_token **t)
{
	struct fold_value a = binary(f, t, 1), b, c, v;
	bool yes = a.known && fold_truth(a.known), no = a.known && !yes;
	const char *whole;

	if (!lex_is(**t, "?"))
		return a;
	++*t;
	if (lex_is(**t, ":")) {
		++*t;
		return elvis(f, t, a);
	}
	f->quiet += no;
	b = fold_expression(f, t);
	f->quiet += yes - no;
	++*t;
	c = fold_expression(f, t);
	f->quiet -= yes;
	whole = fold_say(f, "%s ? %s : %s", a.whole, b.whole, c.whole);
	if (a.known)
		return chosen(f, a, whole, yes ? b : c);
	v = fold_plain(whole, false);
	/* One of two that ends the program. */
	if (b.known && c.known && fold_equal(b.known, c.known) && !b.before != !c.before) {
		v.known = b.known;
		v.before = fold_under(f, b.before ? a.whole : fold_say(f, "!(%s)", a.whole),
				      b.before ?: c.before);
		v.text = b.before ? c.text : b.text;
	}
	return v;
}

/* What is changed after it was promised is not known. */
static void varies(struct fold *f, const char *key)
{
	if (f->quiet)
		return;
	json_object_set_new(f->varies, key, json_true());
	json_object_set_new(f->facts, fold_say(f, "run->promise.%s", key), json_null());
}

struct fold_value fold_expression(struct fold *f, const struct lex_token **t)
{
	const struct lex_token *first = *t;
	struct fold_value a = ternary(f, t), b;
	const struct lex_token op = **t;

	if (!op.len || op.start[op.len - 1] != '=' || lex_is(op, "==") || lex_is(op, "!=") ||
	    lex_is(op, "<=") || lex_is(op, ">="))
		return a;
	if (*t == first + 5 && lex_is(first[2], "promise"))
		varies(f, fold_say(f, "%.*s", (int)first[4].len, first[4].start));
	++*t;
	b = fold_expression(f, t);
	if ((lex_is(op, "+=") || lex_is(op, "-=")) && json_is_integer(b.known) && !b.before &&
	    !fold_truth(b.known))
		return b;
	return fold_joined(f, a, fold_say(f, "%.*s", (int)op.len, op.start), b);
}

static bool is_any(struct lex_token t, const char *words)
{
	const char *at = t.len ? memmem(words, strlen(words), t.start, t.len) : NULL;

	return at && at[-1] == ' ' && at[t.len] == ' ';
}

static bool is_type(const struct lex_token *t)
{
	return is_any(*t,
		      " struct enum union const volatile unsigned int long char bool void double "
		      "id_t pid_t size_t ssize_t off_t uintptr_t uint64_t ");
}

static const char *words(struct fold *f, const struct lex_token *from, const struct lex_token *to)
{
	const char *text = "";
	bool close;

	for (; from < to; from++) {
		close = !*text || strchr("(*)>[", text[strlen(text) - 1]) || lex_is(*from, ")") ||
			lex_is(*from, "->") || lex_is(*from, "[") || lex_is(*from, "]");
		text = fold_say(f, "%s%s%.*s", text, close ? "" : " ", (int)from->len, from->start);
	}
	return text;
}

/* What every call says of a parameter is known of it; a constant is told by its name. */
static void note(struct fold *f, const char *function, int index, struct fold_value v)
{
	const char *key = fold_say(f, "%s %d", function, index);
	const json_t *known = v.before ? NULL : v.known, *before = json_object_get(f->passed, key);

	if (f->quiet)
		return;
	if (json_is_integer(known) && !strchr("0123456789", v.text[0]) && fold_is_word(v.text))
		known = fold_name(f, v.text);
	if (!known || (before && !fold_equal(known, before)))
		json_object_set_new(f->passed, key, json_null());
	else
		json_object_set(f->passed, key, (json_t *)known);
}

static struct fold_value call(struct fold *f, const struct lex_token **t, struct fold_value of)
{
	const char *name = of.text, *args = "", *expression;
	struct fold_value arg, v;
	int nr = 0;

	if (json_is_string(of.known))
		name = json_string_value(of.known) + (*json_string_value(of.known) == '&');
	for (++*t; !lex_is(**t, ")"); *t += lex_is(**t, ",")) {
		arg = fold_expression(f, t);
		note(f, name, nr, arg);
		if (!json_object_get(f->shed, fold_say(f, "%s %d", name, nr++)))
			args = fold_say(f, "%s%s%s", args, *args ? ", " : "",
					fold_without_brackets(f, arg.whole));
	}
	++*t;
	if (json_object_get(f->sure, name))
		args = fold_without_nothing(f, args);
	v = fold_looked_up(f, fold_say(f, "%s(%s)", name, args));
	expression = json_string_value(json_object_get(f->constant, fold_say(f, "%s()", name)))
			     ?: json_string_value(json_object_get(f->constant, v.whole));
	if (expression) {
		v = fold_plain(fold_bracketed(f, expression), true);
	} else if (json_is_string(json_object_get(f->constant, name))) {
		v = fold_looked_up(f, json_string_value(json_object_get(f->constant, name)));
	} else if (json_object_get(f->constant, name)) {
		v.known = json_object_get(f->constant, name);
		v.whole = v.text = fold_say(f, "%lld", (long long)json_integer_value(v.known));
	} else if (json_object_get(f->sure, name)) {
		v.known = fold_number(f, 0);
		v.before = v.whole;
		v.text = "0";
	}
	return v;
}

const char *fold_member(struct fold *f, bool promised, const char *name)
{
	return promised ? fold_say(f, "promise.%s", name) : name;
}

/* What a promise says, and that it says nothing of the rest, which is 0. */
static void promise(struct fold *f, const char *key, struct fold_value v)
{
	const char *fact = fold_say(f, "run->promise.%s", key);

	if (json_object_get(f->varies, key))
		return;
	if (!f->quiet && json_is_integer(v.known))
		json_object_set_new(
			f->facts, fact,
			json_string(fold_say(f, "=%lldL", (long long)json_integer_value(v.known))));
	else if (!f->quiet)
		json_object_set_new(f->facts, fact, json_null());
}

static void promise_nothing(struct fold *f)
{
	static const char *const keys[] = {"faults", "faults_slack", "before", "after"};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		promise(f, keys[i], (struct fold_value){.known = fold_number(f, 0)});
}

/* One of what is in braces. */
static const char *item_of(struct fold *f, const struct lex_token **t, bool promises,
			   const char *key)
{
	struct fold_value v;

	if (lex_is(**t, "{"))
		return fold_braces(f, t, "");
	v = fold_expression(f, t);
	if (promises)
		promise(f, key, v);
	return v.whole;
}

const char *fold_braces(struct fold *f, const struct lex_token **t, const char *type)
{
	bool promises = !strcmp(type, "(struct bench_promise)"), dead;
	const char *all = "", *key, *item;

	if (promises)
		promise_nothing(f);
	for (++*t; !lex_is(**t, "}"); *t += lex_is(**t, ",")) {
		key = "";
		dead = false;
		if (lex_is(**t, ".")) {
			key = fold_say(f, "%.*s", (int)t[0][1].len, t[0][1].start);
			dead = f->read && !json_object_get(f->read, fold_member(f, promises, key));
			*t += 3;
		} else if (lex_is(**t, "[")) {
			++*t;
			key = fold_say(f, "[%s]", fold_expression(f, t).whole);
			*t += 2;
		}
		/* What is promised of areas is for proofs, but known. */
		f->quiet += dead && !*type;
		item = item_of(f, t, promises, key);
		f->quiet -= dead && !*type;
		if (!dead)
			all = fold_say(f, "%s%s%s%s%s%s", all, *all ? ", " : "",
				       *key && *key != '[' ? "." : "", key, *key ? " = " : "",
				       item);
	}
	++*t;
	return fold_say(f, "{%s}", *all ? all : "0");
}

static struct fold_value in_brackets(struct fold *f, const struct lex_token **t)
{
	struct fold_value v;

	++*t;
	v = fold_expression(f, t);
	++*t;
	if (v.before || !v.simple)
		v.whole = fold_say(f, "(%s)", v.whole);
	if (!v.simple)
		v.text = fold_say(f, "(%s)", v.text);
	v.simple = true;
	return v;
}

static struct fold_value primary(struct fold *f, const struct lex_token **t)
{
	const struct lex_token word = **t;
	struct fold_value v;
	const char *text;
	char *end;

	if (lex_is(word, "("))
		return in_brackets(f, t);
	if (*word.start == '"')
		return fold_strings(f, t);
	++*t;
	text = fold_say(f, "%.*s", (int)word.len, word.start);
	if (lex_is(word, "sizeof")) {
		end = (char *)words(f, *t, lex_past_bracket(*t));
		*t = lex_past_bracket(*t);
		return fold_plain(fold_say(f, "sizeof%s", end), true);
	}
	if (word.is_name)
		return *(*t)->start == '"'
			       ? fold_plain(fold_say(f, "%s %s", text, fold_strings(f, t).text),
					    true)
			       : fold_looked_up(f, text);
	v = fold_plain(text, true);
	v.known = fold_number(f, strtol(text, &end, 0));
	if (end == text || strspn(end, "uUlL") != strlen(end))
		v.known = NULL;
	return v;
}

static struct fold_value postfix(struct fold *f, const struct lex_token **t)
{
	struct fold_value v = primary(f, t), index;
	const char *op;

	for (;;) {
		op = fold_say(f, "%.*s", (int)(*t)->len, (*t)->start);
		if (!strcmp(op, "(")) {
			v = call(f, t, v);
		} else if (!strcmp(op, ".") || !strcmp(op, "->")) {
			v = fold_looked_up(f, fold_say(f, "%s%s%.*s", v.whole, op, (int)t[0][1].len,
						       t[0][1].start));
			*t += 2;
		} else if (!strcmp(op, "[")) {
			++*t;
			index = fold_expression(f, t);
			++*t;
			v = fold_looked_up(f, fold_say(f, "%s[%s]", v.whole, index.whole));
		} else if (!strcmp(op, "++") || !strcmp(op, "--")) {
			v = fold_plain(fold_say(f, "%s%s", v.whole, op), true);
			++*t;
		} else {
			return v;
		}
	}
}

static struct fold_value cast(struct fold *f, const struct lex_token **t)
{
	const char *type = words(f, *t, lex_past_bracket(*t));
	struct fold_value v;

	*t = lex_past_bracket(*t);
	if (lex_is(**t, "{"))
		return fold_plain(fold_say(f, "%s%s", type, fold_braces(f, t, type)), true);
	v = unary(f, t);
	if (v.known && !v.before && fold_is_word(v.text))
		return v;
	v.whole = v.text = fold_say(f, "%s%s", type, v.whole);
	v.known = v.before ? NULL : v.known;
	v.before = NULL;
	v.simple = false;
	return v;
}

static struct fold_value unary(struct fold *f, const struct lex_token **t)
{
	const struct lex_token op = **t;
	struct fold_value of, v;

	if (lex_is(op, "(") && is_type(*t + 1))
		return cast(f, t);
	if (!is_any(op, " ! - ~ & * ++ -- "))
		return postfix(f, t);
	++*t;
	of = unary(f, t);
	v = fold_plain(fold_say(f, "%.*s%s", (int)op.len, op.start, of.whole), false);
	if (*op.start == '!' && of.known) {
		v.known = fold_number(f, !fold_truth(of.known));
		v.before = of.before;
	} else if (lex_is(op, "-") && json_is_integer(of.known) && !of.before) {
		v.known = fold_number(f, -json_integer_value(of.known));
	} else if (lex_is(op, "&") && of.simple &&
		   strspn(of.text, "abcdefghijklmnopqrstuvwxyz_") == strlen(of.text)) {
		v.known = json_array_get(f->pool, json_array_size(f->pool) - 1);
	}
	return v;
}
