// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Statements and functions.
 */
#include "cli/emit/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 100
#define TAB	8

/* Tabs, at most eight. */
#define TABS "\t\t\t\t\t\t\t\t"

/* Statements that are put together. */
struct block {
	const char *text; /* lines */
	int depth;	  /* tabs before them */
	int nr;
	bool ended; /* what follows is not reached */
	bool opens; /* the last one was a declaration */
};

struct function {
	struct fold *f;
	const struct lex_token *all, *t; /* t: the next one */
	bool sure;			 /* of all that it returns so far */
};

static void statement(struct function *fn, struct block *b);

void fold_start(struct fold *f)
{
	*f = (struct fold){.facts = json_object(), .pool = json_array()};
}

void fold_end(struct fold *f)
{
	json_decref(f->facts);
	json_decref(f->local);
	json_decref(f->passed);
	json_decref(f->sure);
	json_decref(f->read);
	json_decref(f->idle);
	json_decref(f->pool);
}

/* Up to the next blank that is in no string. */
static size_t word_len(const char *word)
{
	const char *p = word;

	while (*p && *p != ' ')
		p = *p == '"' || *p == '\'' ? lex_skip_opaque(p) : p + 1;
	return (size_t)(p - word);
}

const char *fold_wrapped(struct fold *f, const char *text, int first, int others)
{
	const char *line = fold_say(f, "%.*s", first, TABS);
	size_t column = (size_t)first * TAB, len;
	bool fresh = true;

	for (; *text; text += len + strspn(text + len, " ")) {
		len = word_len(text);
		if (!fresh && column + 1 + len > COLUMNS) {
			line = fold_say(f, "%s\n%.*s", line, others, TABS);
			column = (size_t)others * TAB;
			fresh = true;
		}
		line = fold_say(f, "%s%s%.*s", line, fresh ? "" : " ", (int)len, text);
		column += len + !fresh;
		fresh = false;
	}
	return fold_say(f, "%s\n", line);
}

static void put(struct function *fn, struct block *b, const char *text)
{
	const char *line = fold_wrapped(fn->f, text, b->depth, b->depth + 1);

	b->text = fold_say(fn->f, "%s%s%s", b->text, b->opens ? "\n" : "", line);
	b->opens = false;
	b->nr++;
}

/* The comment that stands before a statement, in lines again. */
static void put_comment(struct function *fn, struct block *b, struct lex_token at)
{
	const char *words = "/*", *p = at.comment ? at.comment + 2 : NULL, *end;
	size_t len;

	if (!p)
		return;
	for (end = strstr(p, "*/"); (p += strspn(p, " \t\n")) < end; p += len) {
		len = strcspn(p, " \t\n");
		if (*p != '*' || len > 1)
			words = fold_say(fn->f, "%s %.*s", words, (int)len, p);
	}
	b->text =
		fold_say(fn->f, "%s%s%s", b->text, b->opens ? "\n" : "",
			 fold_wrapped(fn->f, fold_say(fn->f, "%s */", words), b->depth, b->depth));
	b->opens = false;
}

/* Each of the calls "a;\nb" by itself. */
static void put_before(struct function *fn, struct block *b, const char *calls)
{
	size_t len;

	for (; calls && *calls; calls += len + strspn(calls + len, ";\n")) {
		len = strcspn(calls, "\n");
		len -= calls[len] == '\n';
		put(fn, b, fold_say(fn->f, "%.*s;", (int)len, calls));
	}
}

static void end_statement(struct function *fn)
{
	fn->t += lex_is(*fn->t, ";");
}

/* A statement of its own, one tab deeper, as a block. */
static struct block nested(struct function *fn, int depth)
{
	struct block b = {.text = "", .depth = depth + 1};

	statement(fn, &b);
	return b;
}

/* "HEAD", "HEAD {", and what is under it. */
static void put_under(struct function *fn, struct block *b, const char *head, struct block under,
		      const char *tail)
{
	bool braces = under.nr > 1 || *tail;
	const char *text;

	put(fn, b, braces ? fold_say(fn->f, "%s {", head) : head);
	text = under.nr ? under.text : fold_say(fn->f, "%.*s;\n", under.depth, TABS);
	b->text = fold_say(fn->f, "%s%s", b->text, text);
	if (braces)
		b->text = fold_say(fn->f, "%s%.*s}%s\n", b->text, b->depth, TABS, tail);
}

/* One whose condition is known: what it stands for, in the place of it. */
static void known_if(struct function *fn, struct block *b, bool yes)
{
	struct block none = {.text = ""};

	fn->f->quiet += !yes;
	statement(fn, yes ? b : &none);
	fn->f->quiet -= !yes;
	if (!lex_is(*fn->t, "else"))
		return;
	fn->t++;
	fn->f->quiet += yes;
	none = (struct block){.text = ""};
	statement(fn, yes ? &none : b);
	fn->f->quiet -= yes;
}

static void if_statement(struct function *fn, struct block *b)
{
	struct fold_value v;
	struct block then, other = {.text = ""};
	const char *head;
	bool has_else;

	fn->t += 2;
	v = fold_expression(fn->f, &fn->t);
	fn->t++;
	put_before(fn, b, v.before);
	if (v.known) {
		known_if(fn, b, fold_truth(v.known));
		return;
	}
	head = fold_say(fn->f, "if (%s)", v.text);
	then = nested(fn, b->depth);
	has_else = lex_is(*fn->t, "else");
	if (has_else) {
		fn->t++;
		other = nested(fn, b->depth);
	}
	if (!then.nr && !other.nr)
		return;
	if (!other.nr) {
		put_under(fn, b, head, then, "");
	} else if (then.nr > 1 || other.nr > 1) {
		put(fn, b, fold_say(fn->f, "%s {", head));
		b->text = fold_say(fn->f, "%s%s%.*s} else {\n%s%.*s}\n", b->text, then.text,
				   b->depth, TABS, other.text, b->depth, TABS);
	} else {
		put_under(fn, b, head, then, "");
		b->text = fold_say(fn->f, "%s%.*selse\n%s", b->text, b->depth, TABS, other.text);
	}
}

/* for and while, whose last condition may be known not to hold. */
static void loop(struct function *fn, struct block *b)
{
	bool is_for = lex_is(*fn->t, "for");
	const char *head = is_for ? "for (" : "while (", *part;
	struct fold_value v;
	bool never = false;
	int i;

	fn->t += 2;
	for (i = 0; i < (is_for ? 3 : 1); i++) {
		part = "";
		while (!lex_is(*fn->t, ";") && !lex_is(*fn->t, ")")) {
			v = fold_expression(fn->f, &fn->t);
			part = fold_say(fn->f, "%s%s%s", part, *part ? ", " : "", v.whole);
			never |=
				(i == 1 || !is_for) && v.known && !v.before && !fold_truth(v.known);
			fn->t += lex_is(*fn->t, ",");
		}
		head = fold_say(fn->f, "%s%s%s%s", head, i && *part ? " " : "", part,
				i + 1 < (is_for ? 3 : 1) ? ";" : ")");
		fn->t++;
	}
	fn->f->quiet += never;
	if (never)
		nested(fn, 0);
	else
		put_under(fn, b, head, nested(fn, b->depth), "");
	fn->f->quiet -= never;
}

static void do_loop(struct function *fn, struct block *b)
{
	struct block under;
	struct fold_value v;

	fn->t++;
	under = nested(fn, b->depth);
	fn->t += 2;
	v = fold_expression(fn->f, &fn->t);
	fn->t++;
	end_statement(fn);
	put_under(fn, b, "do", under, fold_say(fn->f, " while (%s);", v.whole));
}

static void return_statement(struct function *fn, struct block *b)
{
	struct fold_value v;

	fn->t++;
	b->ended = true;
	if (lex_is(*fn->t, ";")) {
		put(fn, b, "return;");
		return;
	}
	v = fold_expression(fn->f, &fn->t);
	if (!fn->f->quiet)
		fn->sure &= json_is_integer(v.known) && json_integer_value(v.known) <= 0;
	/* A call's own result is as good as the 0 that it is. */
	if (v.before && v.before != v.whole && v.text != v.whole) {
		put_before(fn, b, v.before);
		v.whole = v.text;
	}
	put(fn, b, fold_say(fn->f, "return %s;", v.whole));
}

static bool is_idle(struct fold *f, struct lex_token name)
{
	return json_object_get(f->idle, fold_say(f, "%.*s", (int)name.len, name.start));
}

/* Whether anything but its declaration gives it a value. */
static bool is_changed(const struct function *fn, struct lex_token name, const struct lex_token *at)
{
	const struct lex_token *t;

	for (t = fn->all; t->len; t++)
		if (t != at && t->is_name && t->len == name.len &&
		    !strncmp(t->start, name.start, name.len) &&
		    ((t[1].start[t[1].len - 1] == '=' && !lex_is(t[1], "==") &&
		      !lex_is(t[1], "!=") && !lex_is(t[1], "<=") && !lex_is(t[1], ">=")) ||
		     lex_is(t[1], "++") || lex_is(t[1], "--") || lex_is(t[-1], "++") ||
		     lex_is(t[-1], "--") || lex_is(t[-1], "&")))
			return true;
	return false;
}

/* "**name[8] = value", and what is known of it then; NULL: it is not used. */
static const char *declarator(struct function *fn)
{
	const struct lex_token *at;
	const char *text = "";
	struct fold_value v = {0};

	for (; lex_is(*fn->t, "*"); fn->t++)
		text = fold_say(fn->f, "%s*", text);
	at = fn->t++;
	text = fold_say(fn->f, "%s%.*s", text, (int)at->len, at->start);
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
		if (v.known && !v.before && !is_changed(fn, *at, at))
			json_object_set(fn->f->local,
					fold_say(fn->f, "%.*s", (int)at->len, at->start),
					(json_t *)v.known);
		text = fold_say(fn->f, "%s = %s", text, v.whole);
	}
	fn->f->quiet -= is_idle(fn->f, *at);
	return is_idle(fn->f, *at) ? NULL : text;
}

/* How many tokens before the first declarator, or 0 if it is no declaration. */
static int type_len(const struct lex_token *t)
{
	int nr = 0, last;

	if (lex_is(*t, "return"))
		return 0;
	while (t[nr].is_name)
		nr++;
	last = nr;
	while (lex_is(t[nr], "*"))
		nr++;
	if (nr > last)
		return t[nr].is_name && last && t[nr + 1].len == 1 &&
				       strchr("=;,[", *t[nr + 1].start)
			       ? last
			       : 0;
	return last > 1 && t[nr].len == 1 && strchr("=;,[", *t[nr].start) ? last - 1 : 0;
}

static void declaration(struct function *fn, struct block *b, int len)
{
	const char *type = "", *all = "", *one;

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
	b->opens = false;
	put(fn, b, fold_say(fn->f, "%s%s;", type, all));
	b->opens = true;
}

/* The member, or the local, that a statement is there to set: "x" of "a->x[1] = ..."; or "". */
static const char *target(struct fold *f, const struct lex_token *t)
{
	struct lex_token last = *t, before = {0};
	int depth = 0;

	for (; t->len && (depth || !lex_is(*t, "=")) && !lex_is(*t, ";"); t++) {
		depth += lex_is(*t, "[") || lex_is(*t, "(");
		depth -= lex_is(*t, "]") || lex_is(*t, ")");
		if (t->is_name && !depth) {
			before = t[-1];
			last = *t;
		}
	}
	if (!lex_is(*t, "=") || !last.is_name)
		return "";
	return fold_say(f, "%s%.*s", lex_is(before, ".") || lex_is(before, "->") ? "." : "",
			(int)last.len, last.start);
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

static void expression_statement(struct function *fn, struct block *b)
{
	const char *set = calls(fn->t) ? "" : target(fn->f, fn->t);
	bool idle = *set == '.' ? fn->f->read && !json_object_get(fn->f->read, set + 1)
				: *set && json_object_get(fn->f->idle, set);
	struct fold_value v;

	fn->f->quiet += idle;
	v = fold_expression(fn->f, &fn->t);
	fn->f->quiet -= idle;
	if (!idle)
		put(fn, b, fold_say(fn->f, "%s;", v.whole));
}

static void block(struct function *fn, struct block *b)
{
	for (fn->t++; !lex_is(*fn->t, "}");) {
		fn->f->quiet += b->ended;
		if (b->ended) {
			struct block none = {.text = "", .ended = false};

			statement(fn, &none);
			fn->f->quiet--;
		} else {
			statement(fn, b);
		}
	}
	fn->t++;
}

static void statement(struct function *fn, struct block *b)
{
	const struct lex_token first = *fn->t;
	struct block before = *b;
	int type = type_len(fn->t), nr = b->nr;
	const char *text;

	put_comment(fn, b, first);
	text = b->text;
	if (lex_is(first, "{"))
		block(fn, b);
	else if (lex_is(first, "if"))
		if_statement(fn, b);
	else if (lex_is(first, "for") || lex_is(first, "while"))
		loop(fn, b);
	else if (lex_is(first, "do"))
		do_loop(fn, b);
	else if (lex_is(first, "return"))
		return_statement(fn, b);
	else if (lex_is(first, "break") || lex_is(first, "continue"))
		put(fn, b, fold_say(fn->f, "%.*s;", (int)(fn->t++)->len, first.start));
	else if (type)
		declaration(fn, b, type);
	else if (!lex_is(first, ";"))
		expression_statement(fn, b);
	end_statement(fn);
	if (b->nr == nr && text == b->text)
		*b = before; /* without its comment */
}

/* Names of locals that stand in a text as something else than what is set. */
static bool is_read(const char *body, struct lex_token name)
{
	struct lex_token *all = lex_all(body), *t;
	bool read = false, begins;

	for (t = all; t->len && !read; t++) {
		begins = t == all || (t[-1].len == 1 && strchr(";{})", *t[-1].start));
		read = t->is_name && t->len == name.len &&
		       !strncmp(t->start, name.start, name.len) &&
		       (t == all || (!lex_is(t[-1], ".") && !lex_is(t[-1], "->"))) &&
		       !(begins && lex_is(t[1], "="));
	}
	free(all);
	return read;
}

/* Of the declarations that begin a body: notes what is only declared. True if that is news. */
static bool find_idle(struct fold *f, const char *body)
{
	struct lex_token *all = lex_all(body), *t = all;
	const char *rest;
	bool news = false;
	int len, depth;

	for (; (len = type_len(t)); t++) {
		for (t += len; !lex_is(*t, ";");) {
			while (lex_is(*t, "*"))
				t++;
			rest = fold_say(f, "%.*s;%s", (int)(t->start - body), body,
					t->start + t->len);
			if (!is_read(rest, *t)) {
				json_object_set_new(f->idle,
						    fold_say(f, "%.*s", (int)t->len, t->start),
						    json_true());
				news = true;
			}
			for (depth = 0; depth || (!lex_is(*t, ",") && !lex_is(*t, ";")); t++) {
				depth += t->len == 1 && strchr("({[", *t->start);
				depth -= t->len == 1 && strchr(")}]", *t->start);
			}
			t += lex_is(*t, ",");
		}
	}
	free(all);
	return news;
}

/* What all calls say of its parameters; and which of these nobody reads is said. */
static const char *parameters(struct function *fn, const struct lex_token *open, const char *body)
{
	const struct lex_token *t;
	const char *name, *unused = "";
	int nr = 0, depth = 0;

	for (t = open; depth || t == open; t++) {
		depth += lex_is(*t, "(");
		depth -= lex_is(*t, ")");
		if (!t->is_name || !(lex_is(t[1], ",") || (lex_is(t[1], ")") && depth == 1)) ||
		    depth != 1)
			continue;
		name = fold_say(fn->f, "%.*s", (int)t->len, t->start);
		if (body && !lex_is(*t, "void") && !is_read(body, *t))
			unused = fold_say(fn->f, "%s\t(void)%s;\n", unused, name);
		if (!body && !is_changed(fn, *t, t))
			json_object_set(fn->f->local, name,
					json_object_get(fn->f->passed,
							fold_say(fn->f, "%.*s %d",
								 (int)open[-1].len, open[-1].start,
								 nr)));
		nr++;
	}
	return unused;
}

static const char *fold_body(struct function *fn, const struct lex_token *open,
			     const struct lex_token *brace)
{
	json_t *passed = json_copy(fn->f->passed);
	struct block b;

	do {
		json_object_clear(fn->f->local);
		json_object_clear(fn->f->passed);
		json_object_update(fn->f->passed, passed);
		parameters(fn, open, NULL);
		fn->t = brace;
		fn->sure = true;
		b = (struct block){.text = "", .depth = 1, .opens = false};
		block(fn, &b);
	} while (find_idle(fn->f, b.text));
	json_decref(passed);
	return b.text;
}

const char *fold_function(struct fold *f, const char *text)
{
	struct lex_token *all = lex_all(text);
	struct function fn = {.f = f, .all = all};
	const struct lex_token *open, *brace;
	const char *body, *unused;

	json_decref(f->local);
	json_decref(f->idle);
	f->local = json_object();
	f->idle = json_object();
	for (open = all; !lex_is(*open, "("); open++)
		;
	for (brace = open; !lex_is(*brace, "{"); brace++)
		;
	body = fold_body(&fn, open, brace);
	unused = parameters(&fn, open, body);
	if (fn.sure && lex_is(open[-2], "int"))
		json_object_set_new(f->sure, fold_say(f, "%.*s", (int)open[-1].len, open[-1].start),
				    json_true());
	text = fold_say(f, "%.*s{\n%s%s}\n", (int)(brace->start - all->start), all->start, unused,
			body);
	free(all);
	return text;
}
