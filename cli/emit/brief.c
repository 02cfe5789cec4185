// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/emit/brief.h"

#include <stdlib.h>
#include <string.h>

/* One after the other what is known makes more known: by then nothing changes any more. */
#define ROUNDS 9

/* Whether what follows a member, maybe with an index, is that it is set. */
static bool is_set(const struct lex_token *t)
{
	int depth = 0;

	for (; lex_is(*t, "[") || depth; t++) {
		depth += lex_is(*t, "[");
		depth -= lex_is(*t, "]");
	}
	return lex_is(*t, "=") || lex_is(*t, "+=");
}

/* Members that a text reads, and all that it speaks of. */
static void note_members(struct brief *b, const char *text)
{
	struct lex_token *all = lex_all(text), *t;
	const char *name;
	bool promised, names, promise = false;

	for (t = all; t->len; t++) {
		promise = lex_is(*t, "bench_promise") || (promise && !lex_is(*t, ";"));
		if (!t[1].is_name || !(lex_is(*t, ".") || lex_is(*t, "->")))
			continue;
		names = t > all && (lex_is(t[-1], "{") || lex_is(t[-1], ","));
		promised = names ? promise : lex_is(t[-1], "promise");
		name = fold_member(&b->f, promised,
				   fold_say(&b->f, "%.*s", (int)t[1].len, t[1].start));
		json_object_set_new(b->said, name, json_true());
		if (!names && !is_set(t + 2))
			json_object_set_new(b->f.read, name, json_true());
	}
	free(all);
}

/* The run, with what the program speaks of. */
static void say_point(struct brief *b)
{
	static const char *const counts[] = {"threads", "processes"};
	const char *text, *values = "";
	json_t *param;
	size_t i;
	bool said;

	json_array_foreach(b->p->params, i, param) {
		const json_t *value = point_value_of(b->p, param, &said);
		long number = point_number(param, value);
		bool pmd = !strcmp(point_text(param, "kind"), "order") && number == POINT_ORDER_PMD;

		values = fold_say(&b->f, "%s%s%s", values, *values ? ", " : "",
				  pmd ? "ORDER_PMD" : fold_say(&b->f, "%ld", number));
	}
	text = fold_say(&b->f, "struct bench_run brief_run = {");
	if (!b->said || json_object_get(b->said, "value"))
		text = fold_say(&b->f, "%s.value = {%s}, ", text, values);
	for (i = 0; i < 2; i++)
		if (!b->said || json_object_get(b->said, counts[i]))
			text = fold_say(&b->f, "%s.%s = %ld, ", text, counts[i],
					point_workers(b->p, counts[i]));
	if (b->data && (!b->said || json_object_get(b->said, "kind")))
		text = fold_say(&b->f, "%s.kind = &%s, ", text, b->data);
	text = text[strlen(text) - 1] == '{'
		       ? "struct bench_run brief_run;\n"
		       : fold_wrapped(&b->f, fold_say(&b->f, "%.*s};", (int)strlen(text) - 2, text),
				      0, 1);
	text = fold_say(
		&b->f,
		"%svoid (*volatile brief_op)(struct bench_run *run, unsigned int worker) = op;\n",
		text);
	if (b->point)
		emit_say(b->point, text);
	else
		b->point = emit_add(b->family, text);
	json_object_del(b->point->defines, "op");
	json_object_set_new(b->point->uses, "op", json_true());
}

/* Data that stand in a row are chunks of their own: a variant needs one of them. */
static void split_data(struct brief *b)
{
	struct emit_file *file;
	struct emit_chunk *c;
	struct lex_token *all, *t;
	size_t i;
	int depth;

	for (file = b->p->files; file < b->p->files + b->p->nr; file++) {
		for (i = 0; i < file->nr; i++) {
			c = &file->chunks[i];
			all = lex_all(c->source);
			if (brief_is_function(c) ||
			    (!lex_is(*all, "static") && !lex_is(*all, "enum")))
				all->len = 0;
			for (t = all, depth = 0; t->len && (depth || !lex_is(*t, ";")); t++) {
				depth += lex_is(*t, "{");
				depth -= lex_is(*t, "}");
			}
			if (t->len && t[1].len)
				emit_split(file, i, (size_t)(t[1].start - c->source));
			free(all);
		}
	}
}

/* What brief.[ch] define takes the place of what others do. */
static void give_way(struct brief *b)
{
	struct emit_file *file, *file2;
	struct emit_chunk *c, *own;
	const char *name;
	json_t *value;

	EACH_CHUNK(b, file2, own)
	{
		/* A local of that name is not the table. */
		if (strstr(own->source, "struct bench_param params"))
			json_object_clear(own->defines);
		if (!strstr(file2->path, "/brief") || brief_is_declaration(own))
			continue;
		EACH_CHUNK(b, file, c)
		{
			if (c == own || brief_is_declaration(c))
				continue;
			json_object_foreach(own->defines, name, value)
				if (json_object_get(c->defines, name))
					json_object_clear(c->defines);
		}
	}
}

/* Members that a function reads, and those that it calls, or has in a table. */
static void note_timed(struct brief *b, const char *name, int depth)
{
	struct emit_file *file;
	struct emit_chunk *c;
	struct lex_token *all, *t;
	const char *use;
	json_t *value;

	EACH_CHUNK(b, file, c)
	{
		if (!json_object_get(c->defines, name) || brief_is_declaration(c) || depth > 5)
			continue;
		if (!strstr(c->source, "TOUCH_LOOP") && brief_is_function(c))
			json_object_set_new(b->verbatim, name, json_true());
		json_object_set_new(b->f.fixed, name, json_true());
		all = lex_all(c->source);
		for (t = all; t->len; t++)
			if (lex_is(*t, ".") || lex_is(*t, "->"))
				json_object_set_new(b->timed,
						    fold_say(&b->f, "%.*s", (int)t[1].len,
							     t[1].start),
						    json_true());
		free(all);
		json_object_foreach(c->uses, use, value)
			if (brief_is_function(c) || c == b->point)
				note_timed(b, use, depth + 1);
	}
}

/* What op calls, op itself, and what main() calls by a pointer take what they do. */
static void fix(struct brief *b)
{
	struct lex_token *all = lex_all(brief_find(b, "static void op(")->source), *t;

	b->timed = json_object();
	b->verbatim = json_object();
	note_timed(b, "op", 0);

	json_object_set_new(b->f.fixed, "main", json_true());
	json_object_set_new(b->f.fixed, "op", json_true());
	json_object_set_new(b->f.fixed, "brief_thread", json_false());
	if (point_workers(b->p, "threads") == 1)
		json_object_set_new(b->steps, "brief_work", json_true());
	for (t = all; t->len; t++)
		if (t->is_name && lex_is(t[1], "("))
			json_object_set_new(b->f.fixed,
					    fold_say(&b->f, "%.*s", (int)t->len, t->start),
					    json_true());
	free(all);
}

bool brief_is_verbatim(struct brief *b, const struct emit_chunk *c)
{
	const char *name;
	json_t *value;

	json_object_foreach(c->defines, name, value)
		if (json_object_get(b->verbatim, name))
			return true;
	return false;
}

static bool fold_all(struct brief *b)
{
	bool news = false;
	struct emit_file *file;
	struct emit_chunk *c;

	json_decref(b->f.told);
	b->f.told = b->f.passed;
	b->f.passed = json_object();
	EACH_CHUNK(b, file, c)
	{
		if (!c->kept || !brief_is_function(c))
			continue;
		const char *text = fold_function(&b->f, c->source);

		if (brief_is_verbatim(b, c))
			continue;
		news |= strcmp(text, c->text);
		emit_say(c, text);
	}
	return news;
}

/* What a text sets a member to, the same each time: a constant, or "" where that is not so. NULL:
 * it sets none. */
static const char *set_in(struct brief *b, const char *text, const char *member)
{
	struct lex_token *all = lex_all(text);
	const struct lex_token *t, *from;
	const char *as = NULL, *to;
	struct fold_value v;

	for (t = all; t->len; t++) {
		if (!lex_is(t[0], ".") && !lex_is(t[0], "->"))
			continue;
		if (!lex_is(t[1], member) || !lex_is(t[2], "="))
			continue;
		from = t + 3;
		v = fold_expression(&b->f, &from);
		to = json_is_integer(v.known) ? v.text : "";
		as = as && strcmp(as, to) ? "" : to;
	}
	free(all);
	return as;
}

/* What nobody sets of an area is 0; what is set to the same in each is that, and stays that when
 * it is read no more, and so not set. */
static void know_set(struct brief *b, const char *member)
{
	const char *fact = fold_say(&b->f, "area->%s", member), *as = NULL, *here;
	struct emit_file *file;
	struct emit_chunk *c;

	b->f.quiet++;
	EACH_CHUNK(b, file, c)
	{
		here = c->kept && brief_is_function(c) ? set_in(b, c->text, member) : NULL;
		if (here)
			as = as && strcmp(as, here) ? "" : here;
	}
	b->f.quiet--;
	if (as && !*as)
		json_object_del(b->f.facts, fact);
	else if (as)
		json_object_set_new(b->f.facts, fact, json_string(fold_say(&b->f, "=%s", as)));
	else if (!json_is_string(json_object_get(b->f.facts, fact)))
		json_object_set_new(b->f.facts, fact, json_integer(0));
	json_object_set_new(b->f.facts, fold_say(&b->f, "run->areas->%s", member),
			    json_string(fold_say(&b->f, "=%s", fact)));
}

static void keep(struct brief *b)
{
	struct emit_chunk *c, *main_ = brief_find(b, "int main(");
	struct emit_file *file;

	EACH_CHUNK(b, file, c)
	c->kept = c == main_ || c == b->point;
	emit_keep_reached(b->p->files, b->p->nr);
	json_decref(b->f.read);
	json_decref(b->said);
	b->f.read = json_object();
	b->said = json_object();
	EACH_CHUNK(b, file, c)
	{
		if (c->kept && brief_is_function(c))
			note_members(b, c->text);
	}
	brief_know_kept(b);
	know_set(b, "backing");
	know_set(b, "watch");
}

/* After a round. */
static void what_is_left(struct brief *b)
{
	keep(b);
	brief_shrink(b);
	say_point(b);
}

static void forget(json_t **known)
{
	json_decref(*known);
	*known = json_object();
}

/*
 * From now on functions are what is left of them: arguments that were left out are none any more,
 * and calls may be said in another file.
 */
static void take_as_source(struct brief *b)
{
	struct emit_file *file;
	struct emit_chunk *c;

	EACH_CHUNK(b, file, c)
	{
		if (c->kept && brief_is_function(c) && !brief_is_verbatim(b, c) &&
		    !strstr(c->source, "TOUCH_LOOP"))
			emit_source(c, c->text);
		c->local &= !c->kept;
	}
	forget(&b->f.shed);
	forget(&b->f.told);
	forget(&b->f.passed);
	forget(&b->f.alias);
	forget(&b->f.paste);
}

/* Once a call was replaced: until that changes nothing any more. */
static void fold_again(struct brief *b)
{
	bool news;
	int i = 0;

	do {
		news = fold_all(b);
		what_is_left(b);
	} while (news && i++ < ROUNDS);
}

/* What is easier to read as it is, if there are too many lines otherwise. */
static void make_short(struct brief *b)
{
	if (brief_lines(b) <= BRIEF_LINES)
		return;
	b->tight = true;
	brief_know_folios(b);
	if (b->p->crew)
		brief_tighten(b);
	do {
		fold_again(b);
		take_as_source(b);
	} while (brief_lines(b) > BRIEF_LINES && brief_inline(b));
	b->dense = brief_lines(b) > BRIEF_LINES;
	b->closest = b->dense && brief_lines(b) > BRIEF_LINES;
	if (b->closest)
		b->spare = BRIEF_LINES - brief_lines(b);
}

void brief_print(FILE *out, struct program *p)
{
	struct brief b = {.p = p};
	int i;
	size_t k;

	for (k = 0; k < p->nr; k++)
		if (point_is_family(p, p->files[k].path))
			b.family = &p->files[k];
	fold_start(&b.f);
	split_data(&b);
	b.f.sure = json_pack("{sb}", "bench_fail", 1);
	b.f.fixed = json_object();
	b.f.shed = json_object();
	b.steps = json_object();
	b.f.varies = json_object();
	b.f.alias = json_object();
	b.f.paste = json_object();
	b.f.constant = json_object();
	b.f.passed = json_object();
	brief_know(&b);
	give_way(&b);
	fix(&b);
	say_point(&b);
	keep(&b);
	json_decref(b.f.read);
	b.f.read = NULL;
	for (i = 0; i < ROUNDS; i++) {
		b.f.late = i > ROUNDS - 4;
		fold_all(&b);
		what_is_left(&b);
	}
	brief_skip_wrappers(&b);
	take_as_source(&b);
	fold_again(&b);
	make_short(&b);
	/* Not what was for members that are gone since. */
	what_is_left(&b);
	brief_put(out, &b);
	json_decref(b.said);
	json_decref(b.timed);
	json_decref(b.steps);
	json_decref(b.verbatim);
	fold_end(&b.f);
}
