// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions that are called once, as a statement, become a part of who calls them.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/emit/brief.h"

/* A function and the one place where it is called. */
struct merge {
	struct brief *b;
	struct emit_chunk *callee, *caller;
	const char *name, *body;
	const char *from, *to; /* of the call's statement, in caller's text */
};

/* How often a name stands in a text, but as a member. */
static int times(const char *text, const char *name)
{
	struct lex_token *all = lex_all(text), *t;
	int nr = 0;

	for (t = all; t->len; t++)
		nr += lex_is(*t, name) &&
		      (t == all || (!lex_is(t[-1], ".") && !lex_is(t[-1], "->")));
	free(all);
	return nr;
}

/* Finds the call, if there is one, of a kind that can be replaced. */
static bool find_call(struct merge *m)
{
	const char *call = fold_say(&m->b->f, "\n\t%s(", m->name), *at, *p;
	struct emit_file *file;
	struct emit_chunk *c;
	int nr = 0;

	EACH_CHUNK(m->b, file, c)
	{
		if (!c->kept || c == m->callee)
			continue;
		nr += times(c->text, m->name);
		at = strstr(c->text, call);
		if (at && brief_is_function(c)) {
			m->caller = c;
			m->from = at + 1;
		}
	}
	if (nr != 1 || !m->caller || !strchr(";{}\n", m->from[-2]))
		return false;
	p = strchr(m->from, ';');
	m->to = p[1] == '\n' ? p + 2 : NULL;
	return m->to;
}

/* Names that the first lines of a body declare; false if the caller has one of them. */
static bool locals_are_free(struct merge *m)
{
	const char *end = strstr(m->body, "\n\n");
	struct lex_token *all, *t;
	bool free_ = true;

	if (!end)
		return true;
	all = lex_all(fold_say(&m->b->f, "%.*s", (int)(end - m->body), m->body));
	for (t = all; t->len && t[1].len; t++)
		if (t->is_name && strchr("=,;[", *t[1].start) && t[1].len == 1)
			free_ &= !times(m->caller->text,
					fold_say(&m->b->f, "%.*s", (int)t->len, t->start));
	free(all);
	return free_;
}

/* The body with a name in the place of another. */
static const char *renamed(struct fold *f, const char *body, const char *name, const char *as)
{
	struct lex_token *all = lex_all(body), *t;
	const char *text = "", *done = body;

	for (t = all; t->len; t++) {
		if (!lex_is(*t, name) || (t > all && (lex_is(t[-1], ".") || lex_is(t[-1], "->"))))
			continue;
		text = fold_say(f, "%s%.*s%s", text, (int)(t->start - done), done, as);
		done = t->start + t->len;
	}
	free(all);
	return fold_say(f, "%s%s", text, done);
}

/* One argument: "type name" is the parameter. False if the caller means something else by it. */
static bool pass(struct merge *m, const char *parameter, const char *name, const char *argument,
		 const char **locals)
{
	bool word = strspn(argument,
			   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
		    strlen(argument);

	if (!strcmp(name, argument))
		return true;
	if (word) {
		if (times(m->body, argument) && word &&
		    strpbrk(argument, "abcdefghijklmnopqrstuvwxyz"))
			return false;
		m->body = renamed(&m->b->f, m->body, name, argument);
		return true;
	}
	if (times(m->caller->text, name))
		return false;
	*locals = fold_say(&m->b->f, "%s\t%s = %s;\n", *locals, parameter, argument);
	return true;
}

/* All arguments. */
static bool pass_all(struct merge *m, const struct lex_token *open)
{
	const struct lex_token *t = open + 1, *end;
	struct lex_token *call = lex_all(m->from);
	const struct lex_token *a = call + 2, *last;
	const char *locals = "", *name;
	bool ok = true;
	int depth;

	for (; ok && !lex_is(*t, ")") && !lex_is(*t, "void"); t = end + lex_is(*end, ",")) {
		name = fold_parameter(&m->b->f, t, &end);
		for (last = a, depth = 0; depth || (!lex_is(*last, ",") && !lex_is(*last, ")"));
		     last++) {
			depth += last->len == 1 && strchr("({[", *last->start);
			depth -= last->len == 1 && strchr(")}]", *last->start);
		}
		ok = pass(m,
			  fold_say(&m->b->f, "%.*s", (int)(end[-1].start + end[-1].len - t->start),
				   t->start),
			  name,
			  fold_say(&m->b->f, "%.*s",
				   (int)(last[-1].start + last[-1].len - a->start), a->start),
			  &locals);
		a = last + lex_is(*last, ",");
	}
	free(call);
	if (*locals)
		m->body = fold_say(&m->b->f, "%s%s%s", locals,
				   strstr(m->body, "\n\n") && m->body[0] == '\t' ? "" : "\n",
				   m->body);
	return ok;
}

/* True if it was merged. */
static bool merge(struct brief *b, struct emit_chunk *c)
{
	struct merge m = {.b = b, .callee = c};
	struct lex_token *all = lex_all(c->text);
	const struct lex_token *open = all;
	const char *brace;
	bool ok;

	while (open->len && !lex_is(*open, "("))
		open++;
	m.name = fold_say(&b->f, "%.*s", (int)open[-1].len, open[-1].start);
	brace = strstr(open->start, "\n{\n") + 3;
	m.body = fold_say(&b->f, "%.*s", (int)(strlen(brace) - 2), brace);
	ok = lex_is(open[-2], "void") && !json_object_get(b->f.fixed, m.name) &&
	     !json_object_get(b->steps, m.name) && !strstr(m.body, "return") && find_call(&m) &&
	     locals_are_free(&m) && pass_all(&m, open);
	free(all);
	if (!ok)
		return false;
	emit_say(m.caller, fold_say(&b->f, "%.*s%s%s", (int)(m.from - m.caller->text),
				    m.caller->text, m.body, m.to));
	c->kept = false;
	return true;
}

void brief_merge(struct brief *b)
{
	struct emit_file *file;
	struct emit_chunk *c;
	bool news = true;

	while (news) {
		news = false;
		EACH_CHUNK(b, file, c)
		{
			if (c->kept && brief_is_function(c))
				news |= merge(b, c);
		}
	}
}
