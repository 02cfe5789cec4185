// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Locals: what is known of them, and which nobody reads.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/emit/fold_parts.h"

static bool is_idle(struct fold *f, struct lex_token name)
{
	return json_object_get(f->idle, fold_say(f, "%.*s", (int)name.len, name.start));
}

/* Whether the & at a token takes the address of what follows, and is no operator of two. */
static bool takes_address(const struct lex_token *t, size_t index)
{
	return lex_is(*t, "&") && (!index || lex_is(t[-1], "return") ||
				   !(t[-1].is_name || lex_is(t[-1], ")") || lex_is(t[-1], "]")));
}

/* Whether a token, the index'th of all, is a name that is set there, or whose address is taken. */
static bool is_set(const struct lex_token *t, size_t index)
{
	const struct lex_token next = t[1], last = index ? t[-1] : (struct lex_token){.start = ""};

	return (next.len && next.start[next.len - 1] == '=' && !lex_is(next, "==") &&
		!lex_is(next, "!=") && !lex_is(next, "<=") && !lex_is(next, ">=") &&
		!lex_is(last, ".") && !lex_is(last, "->")) ||
	       lex_is(next, "++") || lex_is(next, "--") ||
	       (!lex_is(next, "->") && (lex_is(last, "++") || lex_is(last, "--") ||
					(index && takes_address(t - 1, index - 1))));
}

/* How often what was left gives a local or a parameter a value. */
int fold_changes(const struct function *fn, const char *name)
{
	const struct lex_token *t;
	int times = 0;

	for (t = fn->before; t->len; t++)
		times += lex_is(*t, name) && is_set(t, (size_t)(t - fn->before));
	return times;
}

/* A local that stays what it is; what is a word, or flags, is said in the place of it. */
static void know_local(struct function *fn, const char *name, struct fold_value v)
{
	if (!v.known)
		json_object_set_new(fn->f->local, name,
				    json_string(fold_say(fn->f, "=(%s)", v.whole)));
	else if (json_is_integer(v.known) && fold_is_word(v.whole))
		json_object_set(fn->f->local, name, (json_t *)fold_name(fn->f, v.whole));
	else
		json_object_set(fn->f->local, name, (json_t *)v.known);
}

/* "**name[8] = value", and what is known of it then; NULL: it is not used. */
static const char *declarator(struct function *fn)
{
	const struct lex_token *at;
	const char *text = "", *name;
	struct fold_value v = {0};
	int stars;

	for (stars = fold_stars(fn->t); stars--; fn->t++)
		text = fold_say(fn->f, lex_is(*fn->t, "*") ? "%s*" : "%sconst ", text);
	at = fn->t++;
	name = fold_say(fn->f, "%.*s", (int)at->len, at->start);
	text = fold_say(fn->f, "%s%s", text, name);
	while (lex_is(*fn->t, "[")) {
		fn->t++;
		if (!lex_is(*fn->t, "]"))
			v = fold_expression(fn->f, &fn->t);
		text = fold_say(fn->f, "%s[%s]", text, v.whole ?: "");
		fn->t++;
	}
	fn->f->quiet += is_idle(fn->f, *at);
	if (lex_is(*fn->t, "=")) {
		fn->t++;
		v = (struct fold_value){0};
		if (lex_is(*fn->t, "{"))
			v.whole = fold_braces(fn->f, &fn->t, "");
		else
			v = fold_expression(fn->f, &fn->t);
		if ((v.known || fold_is_flags(v.whole)) && !v.before && fold_changes(fn, name) < 2)
			know_local(fn, name, v);
		text = fold_say(fn->f, "%s = %s", text, fold_without_brackets(fn->f, v.whole));
	}
	fn->f->quiet -= is_idle(fn->f, *at);
	return is_idle(fn->f, *at) ? NULL : text;
}

int fold_stars(const struct lex_token *t)
{
	int nr = 0;

	while (lex_is(t[nr], "*") || (nr && lex_is(t[nr], "const")))
		nr++;
	return nr;
}

int fold_type_len(const struct lex_token *t)
{
	int nr = 0, last;

	if (lex_is(*t, "return"))
		return 0;
	while (t[nr].is_name)
		nr++;
	last = nr;
	nr += fold_stars(t + nr);
	if (nr > last)
		return t[nr].is_name && last && t[nr + 1].len == 1 &&
				       strchr("=;,[", *t[nr + 1].start)
			       ? last
			       : 0;
	return last > 1 && t[nr].len == 1 && strchr("=;,[", *t[nr].start) ? last - 1 : 0;
}

void fold_declaration(struct function *fn, struct block *b, int len)
{
	const char *type = "", *all = "", *one;
	bool opens;

	for (; len--; fn->t++)
		type = fold_say(fn->f, "%s%.*s ", type, (int)fn->t->len, fn->t->start);
	while (!lex_is(*fn->t, ";")) {
		one = declarator(fn);
		if (one)
			all = fold_say(fn->f, "%s%s%s", all, *all ? ", " : "", one);
		fn->t += lex_is(*fn->t, ",");
	}
	if (!*all)
		return;
	/* Behind statements it is one of them. */
	opens = b->opens || !b->nr;
	b->opens = false;
	fold_put(fn, b, fold_say(fn->f, "%s%s;", type, all));
	b->opens = opens;
}

static bool sets(struct lex_token t)
{
	return lex_is(t, "=") || lex_is(t, "+=");
}

static bool is_member(const struct lex_token *name)
{
	return lex_is(name[-1], ".") || lex_is(name[-1], "->");
}

/* The member, or the local, that a statement is there to set: ".x" of "a->x[1] = ..."; or "". */
static const char *target(struct fold *f, const struct lex_token *t)
{
	const struct lex_token *last = NULL;
	const char *name;
	int depth = 0;

	for (; t->len && (depth || !sets(*t)) && !lex_is(*t, ";"); t++) {
		depth += lex_is(*t, "[") || lex_is(*t, "(");
		depth -= lex_is(*t, "]") || lex_is(*t, ")");
		if (t->is_name && !depth)
			last = t;
	}
	if (!sets(*t) || !last || (lex_is(*t, "+=") && !is_member(last)))
		return "";
	name = fold_say(f, "%.*s", (int)last->len, last->start);
	if (!is_member(last))
		return name;
	return fold_say(f, ".%s", fold_member(f, lex_is(last[-2], "promise"), name));
}

/* Whether a statement does more than to set something: services that begin so only ask. */
static bool calls(const struct lex_token *t)
{
	for (; !lex_is(*t, ";"); t++)
		if (t->is_name && lex_is(t[1], "(") && strncmp(t->start, "bench_", 6) &&
		    !lex_is(*t, "sizeof"))
			return true;
	return false;
}

/* Whether a local is set once only, and that is here. */
static bool once(const struct function *fn, const char *local)
{
	const struct function all = {.before = fn->all};

	return fold_changes(&all, local) == 1;
}

void fold_expression_statement(struct function *fn, struct block *b)
{
	const char *set = calls(fn->t) ? "" : target(fn->f, fn->t);
	bool idle = *set == '.' ? fn->f->read && !json_object_get(fn->f->read, set + 1)
				: *set && json_object_get(fn->f->idle, set);
	bool promise = lex_is(fn->t[2], "promise") &&
		       lex_is(fn->t[3], "="); /* said to nobody, it is known all the same */
	struct fold_value v;

	if (fn->t->is_name && lex_is(fn->t[1], "=") && once(fn, set)) {
		const struct lex_token *value = fn->t + 2;

		fn->f->quiet++;
		v = fold_expression(fn->f, &value);
		fn->f->quiet--;
		if (json_is_integer(v.known) && !v.before)
			json_object_set(fn->f->local, set, (json_t *)v.known);
	}
	fn->f->quiet += idle && !promise;
	v = fold_expression(fn->f, &fn->t);
	fn->f->quiet -= idle && !promise;
	/* It is 0 at first. */
	idle |= promise && strstr(v.whole, "){0}");
	/* Which parameters are read is seen when the function is put together again. */
	idle |= !strncmp(v.whole, "(void)", 6) && !strpbrk(v.whole + 6, "(-=+!*") &&
		!json_object_get(fn->f->fixed, fn->name);
	if (!idle && v.before)
		fold_put_before(fn, b, v.before);
	else if (!idle && strcmp(v.text, "0"))
		fold_put(fn, b, fold_say(fn->f, "%s;", v.whole));
}

/* Whether a name is read by any of these tokens but one. */
static bool is_read(const struct lex_token *all, const struct lex_token *but, const char *name)
{
	const struct lex_token *t;
	bool begins;

	for (t = all; t->len; t++) {
		if (t == but || !lex_is(*t, name) ||
		    (t > all && (lex_is(t[-1], ".") || lex_is(t[-1], "->"))))
			continue;
		begins = t == all || (t[-1].len == 1 && strchr(";{})", *t[-1].start));
		if (!begins || !lex_is(t[1], "="))
			return true;
	}
	return false;
}

/* Names of locals that stand in a text as something else than what is set. */
bool fold_is_read(const char *body, const char *name)
{
	struct lex_token *all = lex_all(body);
	bool read = is_read(all, NULL, name);

	free(all);
	return read;
}

/* Of one declaration, whose first name is at *t, which is moved to its end. */
static bool find_idle(struct fold *f, const struct lex_token *all, const struct lex_token **t)
{
	const char *name;
	bool news = false;
	int depth;

	while (!lex_is(**t, ";")) {
		*t += fold_stars(*t);
		name = fold_say(f, "%.*s", (int)(*t)->len, (*t)->start);
		if (!json_object_get(f->idle, name) && !is_read(all, *t, name)) {
			json_object_set_new(f->idle, name, json_true());
			news = true;
		}
		for (depth = 0; depth || (!lex_is(**t, ",") && !lex_is(**t, ";")); ++*t) {
			depth += (*t)->len == 1 && strchr("({[", *(*t)->start);
			depth -= (*t)->len == 1 && strchr(")}]", *(*t)->start);
		}
		*t += lex_is(**t, ",");
	}
	return news;
}

bool fold_find_idle(struct fold *f, const char *body)
{
	struct lex_token *all = lex_all(body);
	const struct lex_token *t;
	bool news = false;

	for (t = all; t->len; t++) {
		if ((t > all && !(t[-1].len == 1 && strchr(";{}", *t[-1].start))) ||
		    !fold_type_len(t))
			continue;
		t += fold_type_len(t);
		news |= find_idle(f, all, &t);
	}
	free(all);
	return news;
}
