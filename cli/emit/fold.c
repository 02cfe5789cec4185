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
#define TABS	"\t\t\t\t\t\t\t\t" /* at most so many are needed */

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
	const struct lex_token *t; /* the next one */
	const struct lex_token
		*before; /* what was left of it the last time, and all of it at first */
	const struct lex_token *all;
	const struct lex_token *open; /* the bracket of its parameters */
	const char *name;
	bool sure;    /* of all that it returns so far */
	bool is_void; /* from now on, as it is sure */
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
	json_decref(f->told);
	json_decref(f->shed);
	json_decref(f->varies);
	json_decref(f->alias);
	json_decref(f->paste);
	json_decref(f->constant);
	json_decref(f->fixed);
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

/* Whether a line rather ends behind that word than behind another. */
static bool ends_well(const char *word, size_t len)
{
	return strchr(",;", word[len - 1]) || (len == 2 && (word[0] == '&' || word[0] == '|')) ||
	       (len == 1 && (*word == '?' || *word == ':' || *word == '='));
}

/* How much of a text goes into a line of so many columns. */
static size_t line_len(const char *text, size_t columns)
{
	size_t at = 0, any = 0, good = 0, len;

	while (text[at]) {
		len = word_len(text + at);
		if (any && at + len > columns)
			return good > columns / 2 ? good : any;
		any = at + len;
		if (ends_well(text + at, len))
			good = any;
		at = any + strspn(text + any, " ");
	}
	return any;
}

const char *fold_wrapped(struct fold *f, const char *text, int first, int others)
{
	const char *lines = "";
	int tabs = first;
	size_t len;

	do {
		len = line_len(text, COLUMNS - (size_t)tabs * TAB);
		lines = fold_say(f, "%s%.*s%.*s\n", lines, tabs, TABS, (int)len, text);
		text += len + strspn(text + len, " ");
		tabs = others;
	} while (*text);
	return lines;
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
		if (p[len - 1] == '.')
			break;
	}
	b->text =
		fold_say(fn->f, "%s%s%s", b->text, b->opens ? "\n" : "",
			 fold_wrapped(fn->f, fold_say(fn->f, "%s */", words), b->depth, b->depth));
	b->opens = false;
}

/* Each of the calls "a;\nb" by itself. */
static void put_before(struct function *fn, struct block *b, const char *calls)
{
	const char *head, *body;
	size_t len;

	for (; calls && *calls; calls += len + strspn(calls + len, ";\n")) {
		len = strcspn(calls, "\n");
		len -= calls[len] == '\n';
		body = json_string_value(
			json_object_get(fn->f->paste, fold_say(fn->f, "%.*s", (int)len, calls)));
		if (body && b->depth == 1) {
			b->text = fold_say(fn->f, "%s%s%s", b->text, b->opens ? "\n" : "", body);
			b->opens = false;
			b->nr++;
			continue;
		}
		head = memchr(calls, '\t', len);
		if (head)
			put(fn, b, fold_say(fn->f, "%.*s", (int)(head - calls), calls));
		b->depth += head != NULL;
		put(fn, b,
		    fold_say(fn->f, "%.*s;", (int)(calls + len - (head ? head + 1 : calls)),
			     head ? head + 1 : calls));
		b->depth -= head != NULL;
		b->ended |= !head && !strncmp(calls, "bench_fail(", 11);
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
	then = nested(fn, b->depth);
	head = fold_say(fn->f, "if (%s)", v.text);
	has_else = lex_is(*fn->t, "else");
	if (has_else) {
		fn->t++;
		other = nested(fn, b->depth);
	}
	if (!then.nr && !other.nr)
		return;
	if (!other.nr) {
		put_under(fn, b, head, then, "");
		put_before(fn, b, v.after);
	} else if (then.nr > 1 || other.nr > 1) {
		put(fn, b, fold_say(fn->f, "%s {", head));
		b->text = fold_say(fn->f, "%s%s%.*s} else {\n%s%.*s}\n", b->text, then.text,
				   b->depth, TABS, other.text, b->depth, TABS);
	} else {
		put_under(fn, b, head, then, "");
		b->text = fold_say(fn->f, "%s%.*selse\n%s", b->text, b->depth, TABS, other.text);
	}
}

/* Whether a condition, at t, holds if a local is that; -1: not known. */
static int holds(struct function *fn, const struct lex_token *t, const char *local, long value)
{
	struct fold_value v;

	if (lex_is(*t, ";"))
		return -1;
	json_object_set_new(fn->f->local, local, json_integer(value));
	fn->f->quiet++;
	v = fold_expression(fn->f, &t);
	fn->f->quiet--;
	json_object_del(fn->f->local, local);
	return v.known && !v.before ? fold_truth(v.known) : -1;
}

/* for (w = 0; w < 1; w++): what is in it, once, with 0; or never. False if it may be otherwise. */
static bool counted_loop(struct function *fn, struct block *b)
{
	const struct lex_token *t = fn->t + 2;
	struct block none = {.text = ""};
	const char *local;
	int first;

	if (!t->is_name || !lex_is(t[1], "=") || !lex_is(t[3], ";"))
		return false;
	local = fold_say(fn->f, "%.*s", (int)t->len, t->start);
	first = holds(fn, t + 4, local, strtol(t[2].start, NULL, 10));
	if (first < 0 || (first && (!lex_is(t[2], "0") || holds(fn, t + 4, local, 1))))
		return false;
	for (fn->t += 5; !lex_is(*fn->t, ")"); fn->t++)
		;
	fn->t++;
	json_object_set_new(fn->f->local, local, json_string("=0"));
	fn->f->quiet += !first;
	statement(fn, first ? b : &none);
	fn->f->quiet -= !first;
	json_object_del(fn->f->local, local);
	return true;
}

/* for and while, whose last condition may be known not to hold. */
static void loop(struct function *fn, struct block *b)
{
	bool is_for = lex_is(*fn->t, "for");
	const char *head = is_for ? "for (" : "while (", *part;
	struct fold_value v;
	bool never = false;
	int i;

	if (is_for && counted_loop(fn, b))
		return;
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
	if (lex_is(*fn->t, ";")) {
		put(fn, b, "return;");
		b->ended = true;
		return;
	}
	v = fold_expression(fn->f, &fn->t);
	if (!fn->f->quiet)
		fn->sure &= json_is_integer(v.known) && json_integer_value(v.known) <= 0;
	if (fn->is_void) {
		put_before(fn, b, v.before);
		if (!b->ended || !v.before)
			put(fn, b, "return;");
	} else {
		put_before(fn, b, v.before);
		put(fn, b, fold_say(fn->f, "return %s;", v.text));
	}
	b->ended = true;
}

static bool is_idle(struct fold *f, struct lex_token name)
{
	return json_object_get(f->idle, fold_say(f, "%.*s", (int)name.len, name.start));
}

/* Whether a token is a name that is set there, or whose address is taken. */
static bool is_set(const struct lex_token *t, bool first)
{
	const struct lex_token next = t[1], last = first ? (struct lex_token){.start = ""} : t[-1];

	return (next.len && next.start[next.len - 1] == '=' && !lex_is(next, "==") &&
		!lex_is(next, "!=") && !lex_is(next, "<=") && !lex_is(next, ">=") &&
		!lex_is(last, ".")) ||
	       lex_is(next, "++") || lex_is(next, "--") || lex_is(last, "++") ||
	       lex_is(last, "--") || lex_is(last, "&");
}

/* How often what was left gives a local or a parameter a value. */
static int changes(const struct function *fn, const char *name)
{
	const struct lex_token *t;
	int times = 0;

	for (t = fn->before; t->len; t++)
		times += lex_is(*t, name) && is_set(t, t == fn->before);
	return times;
}

/* A local that stays what it is; what is a word is said in the place of it. */
static void know_local(struct function *fn, const char *name, struct fold_value v)
{
	static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

	if (json_is_integer(v.known) && strspn(v.whole, word) == strlen(v.whole))
		json_object_set_new(fn->f->local, name,
				    json_string(fold_say(fn->f, "=%s", v.whole)));
	else
		json_object_set(fn->f->local, name, (json_t *)v.known);
}

/* "**name[8] = value", and what is known of it then; NULL: it is not used. */
static const char *declarator(struct function *fn)
{
	const struct lex_token *at;
	const char *text = "", *name;
	struct fold_value v = {0};

	for (; lex_is(*fn->t, "*"); fn->t++)
		text = fold_say(fn->f, "%s*", text);
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
		if (v.known && !v.before && changes(fn, name) < 2)
			know_local(fn, name, v);
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

/* The member, or the local, that a statement is there to set: ".x" of "a->x[1] = ..."; or "". */
static const char *target(struct fold *f, const struct lex_token *t)
{
	const struct lex_token *last = NULL;
	const char *name;
	int depth = 0;

	for (; t->len && (depth || !lex_is(*t, "=")) && !lex_is(*t, ";"); t++) {
		depth += lex_is(*t, "[") || lex_is(*t, "(");
		depth -= lex_is(*t, "]") || lex_is(*t, ")");
		if (t->is_name && !depth)
			last = t;
	}
	if (!lex_is(*t, "=") || !last)
		return "";
	name = fold_say(f, "%.*s", (int)last->len, last->start);
	if (!lex_is(last[-1], ".") && !lex_is(last[-1], "->"))
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

	return changes(&all, local) == 1;
}

static void expression_statement(struct function *fn, struct block *b)
{
	const char *set = calls(fn->t) ? "" : target(fn->f, fn->t);
	bool idle = *set == '.' ? fn->f->read && !json_object_get(fn->f->read, set + 1)
				: *set && json_object_get(fn->f->idle, set);
	bool promise = !strcmp(set, ".promise"); /* said to nobody, it is known all the same */
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
	if (!idle && v.before)
		put_before(fn, b, v.before);
	else if (!idle && strcmp(v.text, "0"))
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

static void jump(struct function *fn, struct block *b)
{
	put(fn, b, fold_say(fn->f, "%.*s;", (int)fn->t->len, fn->t->start));
	b->ended = true;
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
		jump(fn, b);
	else if (type)
		declaration(fn, b, type);
	else if (!lex_is(first, ";"))
		expression_statement(fn, b);
	end_statement(fn);
	if (b->nr == nr && text == b->text)
		*b = before; /* without its comment */
}

/* Names of locals that stand in a text as something else than what is set. */
static bool is_read(const char *body, const char *name)
{
	struct lex_token *all = lex_all(body), *t;
	bool read = false, begins;

	for (t = all; t->len && !read; t++) {
		begins = t == all || (t[-1].len == 1 && strchr(";{})", *t[-1].start));
		read = lex_is(*t, name) &&
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
	const char *rest, *name;
	bool news = false;
	int len, depth;

	for (; (len = type_len(t)); t++) {
		for (t += len; !lex_is(*t, ";");) {
			while (lex_is(*t, "*"))
				t++;
			rest = fold_say(f, "%.*s;%s", (int)(t->start - body), body,
					t->start + t->len);
			name = fold_say(f, "%.*s", (int)t->len, t->start);
			if (!is_read(rest, name)) {
				json_object_set_new(f->idle, name, json_true());
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

const char *fold_parameter(struct fold *f, const struct lex_token *t,
			   const struct lex_token **ret_end)
{
	const struct lex_token *name = t;
	bool pointer = false;
	int depth = 0;

	for (; depth || (!lex_is(*t, ",") && !lex_is(*t, ")")); t++) {
		depth += lex_is(*t, "(");
		depth -= lex_is(*t, ")");
		pointer |= lex_is(*t, "(");
		if (t->is_name && (!pointer || (lex_is(t[-1], "*") && lex_is(t[-2], "("))))
			name = t;
	}
	*ret_end = t;
	return fold_say(f, "%.*s", (int)name->len, name->start);
}

/* What all calls say of its parameters is known. */
static void know_parameters(struct function *fn)
{
	const struct lex_token *t = fn->open + 1, *end;
	const char *name;
	const json_t *told;
	int nr;

	for (nr = 0; !lex_is(*t, ")"); nr++, t = end + lex_is(*end, ",")) {
		name = fold_parameter(fn->f, t, &end);
		told = json_object_get(fn->f->told, fold_say(fn->f, "%s %d", fn->name, nr));
		if (told && !changes(fn, name))
			json_object_set(fn->f->local, name, (json_t *)told);
	}
}

/*
 * Its parameters, less those that nobody reads, which calls do not pass any more then; or
 * "(void)x;" of these, where that cannot be.
 */
static const char *parameters(struct function *fn, const char *body, const char **ret_unused)
{
	const struct lex_token *t = fn->open + 1, *end;
	const char *name, *all = "", *key;
	bool keeps = json_object_get(fn->f->fixed, fn->name);
	int nr;

	*ret_unused = "";
	for (nr = 0; !lex_is(*t, ")"); nr++, t = end + lex_is(*end, ",")) {
		name = fold_parameter(fn->f, t, &end);
		key = fold_say(fn->f, "%s %d", fn->name, nr);
		json_object_del(fn->f->shed, key);
		if (!is_read(body, name) && strcmp(name, "void")) {
			if (!keeps) {
				json_object_set_new(fn->f->shed, key, json_true());
				continue;
			}
			*ret_unused = fold_say(fn->f, "%s\t(void)%s;\n", *ret_unused, name);
		}
		all = fold_say(fn->f, "%s%s%.*s", all, *all ? ", " : "",
			       (int)(end[-1].start + end[-1].len - t->start), t->start);
	}
	return *all ? all : "void";
}

/* Its parameters' names, of those that are passed, as "a, b". */
static const char *passed_names(struct function *fn, const char *body)
{
	const struct lex_token *t = fn->open + 1, *end;
	const char *all = "", *name;

	for (; !lex_is(*t, ")"); t = end + lex_is(*end, ",")) {
		name = fold_parameter(fn->f, t, &end);
		if (is_read(body, name))
			all = fold_say(fn->f, "%s%s%s", all, *all ? ", " : "", name);
	}
	return all;
}

/* A last "return;" is not said. */
static const char *without_return(struct fold *f, const char *body)
{
	static const char end[] = "\treturn;\n";
	size_t len = strlen(body);

	if (len < strlen(end) || strcmp(body + len - strlen(end), end) ||
	    (len > strlen(end) && body[len - strlen(end) - 1] == '\t'))
		return body;
	len -= strlen(end);
	return fold_say(f, "%.*s", (int)(len - (len > 1 && body[len - 2] == '\n')), body);
}

/* Again, as long as there is less of it. */
static const char *fold_body(struct function *fn, const struct lex_token *brace)
{
	json_t *passed = json_copy(fn->f->passed);
	const char *text = "", *last;
	struct lex_token *tokens = NULL;
	struct block b;

	do {
		last = text;
		json_object_clear(fn->f->local);
		json_object_clear(fn->f->passed);
		json_object_update(fn->f->passed, passed);
		know_parameters(fn);
		fn->t = brace;
		fn->sure = true;
		b = (struct block){.text = "", .depth = 1};
		block(fn, &b);
		text = b.text;
		free(tokens);
		fn->before = tokens = lex_all(text);
	} while (find_idle(fn->f, text) || strcmp(text, last));
	free(tokens);
	json_decref(passed);
	return fn->is_void ? without_return(fn->f, text) : text;
}

/* What calls of it may be replaced by. */
static void note_shape(struct function *fn, const char *body, bool local)
{
	const char *names = passed_names(fn, body), *end = strchr(body, ';');
	const char *call = fold_say(fn->f, "%s(%s)", fn->name, names);
	bool single = end && !strcmp(end, ";\n");
	size_t len = strcspn(body, "(");

	if (fn->f->late && single && local && !strncmp(body, "\treturn ", 8) &&
	    !strchr(body, '?') && !json_object_get(fn->f->fixed, fn->name))
		json_object_set_new(fn->f->constant, call,
				    json_stringn(body + 8, (size_t)(end - body) - 8));
	if (!fn->is_void || json_object_get(fn->f->fixed, fn->name))
		return;
	if (single && !strcmp(body + len, fold_say(fn->f, "(%s);\n", names)))
		json_object_set_new(fn->f->alias, fn->name, json_stringn(body + 1, len - 1));
	else if (fn->f->late && single && local && !strncmp(body, "\tif (", 5))
		json_object_set_new(fn->f->paste, call, json_string(body));
}

const char *fold_function(struct fold *f, const char *text)
{
	struct lex_token *all = lex_all(text);
	struct function fn = {.f = f, .all = all, .before = all, .open = all};
	const struct lex_token *brace, *type;
	const char *body, *unused, *head;
	long constant;

	json_decref(f->local);
	json_decref(f->idle);
	f->local = json_object();
	f->idle = json_object();
	while (!lex_is(*fn.open, "("))
		fn.open++;
	for (brace = fn.open; !lex_is(*brace, "{"); brace++)
		;
	type = fn.open - 2;
	fn.name = fold_say(f, "%.*s", (int)fn.open[-1].len, fn.open[-1].start);
	fn.is_void = json_object_get(f->sure, fn.name) && !json_object_get(f->fixed, fn.name);
	body = fold_body(&fn, brace);
	if (fn.sure && lex_is(*type, "int") && strcmp(fn.name, "main"))
		json_object_set_new(f->sure, fn.name, json_true());
	if (fn.is_void && !*body)
		json_object_set_new(f->constant, fn.name, json_integer(0));
	note_shape(&fn, body, lex_is(*all, "static"));
	if (sscanf(body, "\treturn %ld;", &constant) == 1 && strchr(body, ';')[1] == '\n')
		json_object_set_new(f->constant, fn.name, json_integer(constant));
	head = lex_is(*all, "TOUCH_LOOP")
		       ? "static __attribute__((noinline)) "
		       : fold_say(f, "%.*s", (int)(type->start - all->start), all->start);
	head = fold_say(f, "%s%s%.*s(%s)", head,
			fn.is_void ? "void" : fold_say(f, "%.*s", (int)type->len, type->start),
			(int)(fn.open->start - type->start - (ptrdiff_t)type->len),
			type->start + type->len, parameters(&fn, body, &unused));
	text = fold_say(f, "%s{\n%s%s}\n", fold_wrapped(f, head, 0, 1), unused, body);
	free(all);
	return text;
}
