// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Statements, and what is left of them.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/emit/fold_parts.h"

static void end_statement(struct function *fn)
{
	fn->t += lex_is(*fn->t, ";");
}

/* A statement of its own, one tab deeper, as a block. */
static struct block nested(struct function *fn, int depth)
{
	struct block b = {.text = "", .depth = depth + 1};

	fold_statement(fn, &b);
	return b;
}

/* One whose condition is known: what it stands for, in the place of it. */
static void known_if(struct function *fn, struct block *b, bool yes)
{
	struct block none = {.text = ""};

	fn->f->quiet += !yes;
	fold_statement(fn, yes ? b : &none);
	fn->f->quiet -= !yes;
	if (!lex_is(*fn->t, "else"))
		return;
	fn->t++;
	fn->f->quiet += yes;
	none = (struct block){.text = ""};
	fold_statement(fn, yes ? &none : b);
	fn->f->quiet -= yes;
}

/* Lines with a tab less. */
static const char *shifted(struct fold *f, const char *lines)
{
	const char *text = "";
	size_t len;

	for (; *lines; lines += len + 1) {
		len = strcspn(lines, "\n");
		text = fold_say(f, "%s%.*s\n", text, (int)len - (*lines == '\t'),
				lines + (*lines == '\t'));
	}
	return text;
}

/* An if without else. Of one under which there is but another they are one. */
static void lone_if(struct function *fn, struct block *b, const char *condition, struct block then)
{
	const char *text = b->text, *head;

	if (then.condition && !strpbrk(then.condition, "|?=") && !strpbrk(condition, "|?=")) {
		condition = fold_say(fn->f, "%s && %s", condition, then.condition);
		then = (struct block){
			.text = shifted(fn->f, then.under), .depth = then.depth, .nr = 1};
	}
	head = fold_say(fn->f, "if (%s)", condition);
	fold_put_under(fn, b, head, then, "");
	if (!*text && then.nr == 1) {
		b->condition = condition;
		b->under = then.text;
	}
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
	fold_put_before(fn, b, v.before);
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
		lone_if(fn, b, v.text, then);
		fold_put_before(fn, b, v.after);
	} else if (then.nr > 1 || other.nr > 1) {
		fold_put(fn, b, fold_say(fn->f, "%s {", head));
		b->text = fold_say(fn->f, "%s%s%.*s} else {\n%s%.*s}\n", b->text, then.text,
				   b->depth, TABS, other.text, b->depth, TABS);
	} else {
		fold_put_under(fn, b, head, then, "");
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
	int first, depth;

	if (!t->is_name || !lex_is(t[1], "=") || !lex_is(t[3], ";"))
		return false;
	local = fold_say(fn->f, "%.*s", (int)t->len, t->start);
	first = holds(fn, t + 4, local, strtol(t[2].start, NULL, 10));
	if (first < 0 || (first && (!lex_is(t[2], "0") || holds(fn, t + 4, local, 1))))
		return false;
	for (fn->t += 5, depth = 1; depth; fn->t++) {
		depth += lex_is(*fn->t, "(");
		depth -= lex_is(*fn->t, ")");
	}
	json_object_set_new(fn->f->local, local, json_string("=0"));
	fn->f->quiet += !first;
	fold_statement(fn, first ? b : &none);
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
		fold_put_under(fn, b, head, nested(fn, b->depth), "");
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
	fold_put_under(fn, b, "do", under, fold_say(fn->f, " while (%s);", v.whole));
}

static void return_statement(struct function *fn, struct block *b)
{
	struct fold_value v;

	fn->t++;
	if (lex_is(*fn->t, ";")) {
		fold_put(fn, b, "return;");
		b->ended = true;
		return;
	}
	v = fold_expression(fn->f, &fn->t);
	if (!fn->f->quiet)
		fn->sure &= json_is_integer(v.known) && json_integer_value(v.known) <= 0;
	if (fn->is_void) {
		fold_put_before(fn, b, v.before);
		if (!b->ended || !v.before)
			fold_put(fn, b, "return;");
	} else {
		fold_put_before(fn, b, v.before);
		fold_put(fn, b, fold_say(fn->f, "return %s;", v.text));
	}
	b->ended = true;
}

void fold_block(struct function *fn, struct block *b)
{
	for (fn->t++; !lex_is(*fn->t, "}");) {
		fn->f->quiet += b->ended;
		if (b->ended) {
			struct block none = {.text = "", .ended = false};

			fold_statement(fn, &none);
			fn->f->quiet--;
		} else {
			fold_statement(fn, b);
		}
	}
	fn->t++;
}

static void jump(struct function *fn, struct block *b)
{
	fold_put(fn, b, fold_say(fn->f, "%.*s;", (int)fn->t->len, fn->t->start));
	b->ended = true;
	fn->t++;
}

void fold_statement(struct function *fn, struct block *b)
{
	const struct lex_token first = *fn->t;
	struct block before = *b;
	int type = fold_type_len(fn->t), nr = b->nr;
	const char *text;

	fold_put_comment(fn, b, first);
	text = b->text;
	if (lex_is(first, "{"))
		fold_block(fn, b);
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
		fold_declaration(fn, b, type);
	else if (!lex_is(first, ";"))
		fold_expression_statement(fn, b);
	end_statement(fn);
	if (b->nr == nr && text == b->text)
		*b = before; /* without its comment */
}
