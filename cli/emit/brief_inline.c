// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls that are not made. A function that is called once is said where it is called. Its
 * parameters become what is passed, or locals; names that its caller has as well get a number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/emit/brief.h"
#include "cli/emit/fold_parts.h"

#define MAX_NAMES 32

/* A function that may be said elsewhere, and where. Tokens are of the sources. */
struct callee {
	struct emit_chunk *c, *caller;
	struct emit_file *file, *into;
	const char *name;
	struct lex_token *all, *of_caller;
	const struct lex_token *open;		 /* the bracket of its parameters */
	const struct lex_token *brace;		 /* of its body */
	const struct lex_token *call, *call_end; /* its name there, and behind its bracket */
	const struct lex_token *before, *behind; /* the statement, up to its semicolon */
	const struct lex_token *result;		 /* behind its one return; NULL: it is void */
};

/* Names of it, and what is said for them. */
struct names {
	const char *name[MAX_NAMES], *as[MAX_NAMES];
	int nr;
};

/* Whether a name is of a member, or of a struct, and not of a variable or function. */
static bool is_other(const struct lex_token *all, const struct lex_token *t)
{
	return t > all && (lex_is(t[-1], ".") || lex_is(t[-1], "->") || lex_is(t[-1], "struct") ||
			   lex_is(t[-1], "enum"));
}

/* Whether a statement begins there. */
static bool begins(const struct lex_token *all, const struct lex_token *t)
{
	return t > all && (lex_is(t[-1], ";") || lex_is(t[-1], "{") || lex_is(t[-1], "}") ||
			   lex_is(t[-1], ")") || lex_is(t[-1], "else"));
}

static const struct lex_token *past_call(const struct lex_token *t)
{
	int depth = 0;

	do {
		t++;
		depth += lex_is(*t, "(");
		depth -= lex_is(*t, ")");
	} while (depth);
	return t + 1;
}

/* A function whose end is that of its braces, where it may return something. */
static bool read_callee(struct brief *b, struct callee *f)
{
	const struct lex_token *t;
	bool is_void;

	for (t = f->all; !lex_is(*t, "("); t++)
		;
	f->open = t;
	f->name = fold_say(&b->f, "%.*s", (int)t[-1].len, t[-1].start);
	if (t < f->all + 2 || json_object_get(b->f.fixed, f->name) ||
	    json_object_get(b->steps, f->name))
		return false;
	is_void = lex_is(t[-2], "void");
	for (; !lex_is(*t, "{"); t++)
		;
	f->brace = t;
	for (; t->len; t++) {
		if (!lex_is(*t, "return"))
			continue;
		for (f->result = ++t; !lex_is(*t, ";"); t++)
			;
		return !is_void && lex_is(t[1], "}") && !t[2].len;
	}
	return is_void;
}

/*
 * The statement that a call is in: all of it, or the first thing that is called in what it sets.
 * False if it is any other.
 */
static bool find_statement(struct callee *f)
{
	const struct lex_token *t = f->call;

	f->before = t;
	for (f->behind = f->call_end; !lex_is(*f->behind, ";"); f->behind++)
		if (!f->result || !f->behind->len)
			return false;
	if (!f->result)
		return begins(f->of_caller, t);
	f->before = t - 2;
	return t > f->of_caller + 3 && lex_is(t[-1], "=") && t[-2].is_name &&
	       begins(f->of_caller, t - 2);
}

/* Finds the call of it; false if its name stands anywhere else. */
static bool find_call(struct brief *b, struct callee *f)
{
	struct emit_file *file;
	struct emit_chunk *c;
	struct lex_token *all, *t;

	EACH_CHUNK(b, file, c)
	{
		if (!c->kept || c == f->c || brief_is_declaration(c) ||
		    !json_object_get(c->uses, f->name))
			continue;
		if (f->caller || !brief_is_function(c) || brief_is_verbatim(b, c))
			return false;
		f->caller = c;
		f->into = file;
		all = f->of_caller = lex_all(c->source);
		for (t = all; t->len; t++) {
			if (!lex_is(*t, f->name) || is_other(all, t))
				continue;
			if (f->call || !lex_is(t[1], "("))
				return false;
			f->call = t;
			f->call_end = past_call(t);
			if (!find_statement(f))
				return false;
		}
	}
	return f->call != NULL;
}

static bool has_name(const struct lex_token *all, const char *name)
{
	const struct lex_token *t;

	for (t = all; t->len; t++)
		if (lex_is(*t, name) && !is_other(all, t))
			return true;
	return false;
}

static void add_name(struct names *names, const char *name, const char *as)
{
	if (names->nr == MAX_NAMES)
		abort();
	names->name[names->nr] = name;
	names->as[names->nr++] = as;
}

/* A local, or a parameter that becomes one: another name if the caller has that. */
static void add_local(struct brief *b, const struct callee *f, struct names *names,
		      const char *name)
{
	const char *as = name;
	int i;

	for (i = 2; has_name(f->of_caller, as) || (as != name && has_name(f->all, as)); i++)
		as = fold_say(&b->f, "%s%d", name, i);
	add_name(names, name, as);
}

/* Of the declarations in its body. */
static void add_locals(struct brief *b, const struct callee *f, struct names *names)
{
	const struct lex_token *t;
	int depth;

	for (t = f->brace + 1; t->len; t++) {
		if (!begins(f->all, t) || !fold_type_len(t))
			continue;
		for (t += fold_type_len(t); !lex_is(*t, ";"); t += lex_is(*t, ",")) {
			t += fold_stars(t);
			add_local(b, f, names, fold_say(&b->f, "%.*s", (int)t->len, t->start));
			for (depth = 0; depth || (!lex_is(*t, ",") && !lex_is(*t, ";")); t++) {
				depth += t->len == 1 && strchr("({[", *t->start);
				depth -= t->len == 1 && strchr(")}]", *t->start);
			}
		}
	}
}

/* Whether the callee sets a member of that name. */
static bool sets(const struct callee *f, const struct lex_token *member)
{
	const struct lex_token *t;

	for (t = f->brace; t->len; t++)
		if (t->len == member->len && !strncmp(t->start, member->start, t->len) &&
		    t[1].start[t[1].len - 1] == '=' && !lex_is(t[1], "==") && !lex_is(t[1], "!=") &&
		    !lex_is(t[1], "<=") && !lex_is(t[1], ">="))
			return true;
	return false;
}

/*
 * Whether an argument means the same wherever it is said: a name, a number, the address of a
 * member. What a member itself holds may be set.
 */
static bool stays(const struct callee *f, const struct lex_token *t, const struct lex_token *end)
{
	bool address = lex_is(*t, "&");

	/* A number of another type. */
	if (lex_is(*t, "(") && lex_is(t[2], ")") && t[1].is_name)
		t += 3;
	if (end == t + 1)
		return t->is_name || strspn(t->start, "0123456789") == t->len;
	/* These are void *. */
	if (!address && (lex_is(end[-1], "state") || lex_is(end[-1], "kind")))
		return false;
	for (t++; t < end; t++) {
		/* Of an array that does not move meanwhile. */
		if (address && lex_is(*t, "[") && lex_is(t[2], "]") &&
		    !strstr(f->c->source, "realloc("))
			t += 2;
		else if (!t->is_name && !lex_is(*t, "->") && !lex_is(*t, "."))
			return false;
	}
	return address || !sets(f, end - 1);
}

/* What the parameters are; those that are locals now, in lines. */
static const char *add_parameters(struct brief *b, const struct callee *f, struct names *names)
{
	const struct lex_token *p = f->open + 1, *end, *arg = f->call + 2, *arg_end;
	const struct function body = {.before = f->brace};
	const char *name, *as, *lines = "";
	int depth;

	for (; !lex_is(*p, ")") && !lex_is(*arg, ")"); p = end + lex_is(*end, ",")) {
		name = fold_parameter(&b->f, p, &end);
		for (depth = 0, arg_end = arg;
		     depth || (!lex_is(*arg_end, ",") && !lex_is(*arg_end, ")")); arg_end++) {
			depth += lex_is(*arg_end, "(") || lex_is(*arg_end, "{");
			depth -= lex_is(*arg_end, ")") || lex_is(*arg_end, "}");
		}
		as = fold_say(&b->f, "%.*s",
			      (int)(arg_end[-1].start + arg_end[-1].len - arg->start), arg->start);
		if (stays(f, arg, arg_end) && !fold_changes(&body, name)) {
			add_name(names, name, as);
		} else {
			add_local(b, f, names, name);
			lines = fold_say(&b->f, "%s%.*s%s = %s;\n", lines,
					 (int)(end[-1].start - p->start), p->start,
					 names->as[names->nr - 1], as);
		}
		arg = arg_end + lex_is(*arg_end, ",");
	}
	return lines;
}

/* A part of it in other names, from one token up to another. */
static const char *said(struct brief *b, const struct callee *f, const struct names *names,
			const struct lex_token *t, const struct lex_token *end)
{
	const char *done = t->start, *text = "", *as;
	int i;

	for (; t < end; t++) {
		for (i = 0; i < names->nr && !lex_is(*t, names->name[i]); i++)
			;
		if (i == names->nr || is_other(f->all, t))
			continue;
		as = names->as[i];
		text = fold_say(&b->f, "%s%.*s", text, (int)(t->start - done), done);
		done = t->start + t->len;
		if (*as == '&' && lex_is(t[1], "->")) {
			text = fold_say(&b->f, "%s%s.", text, as + 1);
			done = t[1].start + t[1].len;
		} else {
			text = fold_say(&b->f, "%s%s", text, as);
		}
	}
	return fold_say(&b->f, "%s%.*s", text, (int)(end->start - done), done);
}

/* What sets something to its result, which is an expression. */
static const char *setting(struct brief *b, const struct callee *f, const struct names *names)
{
	const struct lex_token *end = f->result;
	bool more = f->behind != f->call_end;

	for (; !lex_is(*end, ";"); end++)
		;
	return fold_say(&b->f, "%.*s%s%s%s%.*s;\n", (int)(f->call->start - f->before->start),
			f->before->start, more ? "(" : "", said(b, f, names, f->result, end),
			more ? ")" : "", (int)(f->behind->start - f->call_end->start),
			f->call_end->start);
}

static void replace(struct brief *b, const struct callee *f)
{
	struct names names = {.nr = 0};
	const char *lines, *source = f->caller->source;
	const struct lex_token *end = f->all;

	add_locals(b, f, &names);
	lines = add_parameters(b, f, &names);
	while (end[1].len)
		end++;
	emit_source(f->caller,
		    fold_say(&b->f, "%.*s{\n%s%s%s}%s", (int)(f->before->start - source), source,
			     lines,
			     said(b, f, &names, f->brace + 1, f->result ? f->result - 1 : end),
			     f->result ? setting(b, f, &names) : "", f->behind->start + 1));
	json_object_update(f->into->includes, f->file->includes);
}

bool brief_inline(struct brief *b)
{
	struct callee best = {0}, f;
	struct emit_file *file;
	struct emit_chunk *c;

	EACH_CHUNK(b, file, c)
	{
		if (!c->kept || !brief_is_function(c) || brief_is_verbatim(b, c) ||
		    strstr(c->source, "TOUCH_LOOP") ||
		    (best.c && strlen(best.c->source) <= strlen(c->source)))
			continue;
		f = (struct callee){.c = c, .file = file, .all = lex_all(c->source)};
		if (read_callee(b, &f) && find_call(b, &f)) {
			free(best.all);
			free(best.of_caller);
			best = f;
		} else {
			free(f.all);
			free(f.of_caller);
		}
	}
	if (best.c)
		replace(b, &best);
	free(best.all);
	free(best.of_caller);
	return best.c != NULL;
}

/* The text with a name in the place of another. */
static const char *renamed(struct brief *b, const char *text, const char *name, const char *as)
{
	struct lex_token *all = lex_all(text), *t;
	const char *done = text, *result = "";

	for (t = all; t->len; t++) {
		if (!lex_is(*t, name))
			continue;
		result = fold_say(&b->f, "%s%.*s%s", result, (int)(t->start - done), done, as);
		done = t->start + t->len;
	}
	free(all);
	return fold_say(&b->f, "%s%s", result, done);
}

void brief_skip_wrappers(struct brief *b)
{
	struct emit_file *file;
	struct emit_chunk *c;
	const char *name;
	json_t *value;

	json_object_foreach(b->f.alias, name, value) {
		EACH_CHUNK(b, file, c)
		{
			if (c->kept && brief_is_function(c))
				c->kept = !json_object_get(c->defines, name);
			if (c->kept && json_object_get(c->uses, name))
				emit_say(c, renamed(b, c->text, name, json_string_value(value)));
		}
	}
}
