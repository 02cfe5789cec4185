// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What data is left. A struct loses members at its end that nobody speaks of; those before others
 * keep their places, as op's machine code has their offsets in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/emit/brief.h"

#define COLUMNS	  98
#define MAX_NAMES 8

/* One member of a struct, or value of an enum. */
struct member {
	const char *text; /* without what ends it */
	const char *names[MAX_NAMES];
	int nr;
	const char *note; /* its comment, or "" */
};

/* Blanks, and ends of lines, as one blank each. */
static const char *squeezed(struct fold *f, const char *from, size_t len)
{
	const char *text = "", *end = from + len;
	size_t word;

	for (from += strspn(from, " \t\n"); from < end; from += strspn(from, " \t\n")) {
		word = strcspn(from, " \t\n");
		word = from + word > end ? (size_t)(end - from) : word;
		text = fold_say(f, "%s%s%.*s", text, *text ? " " : "", (int)word, from);
		from += word;
	}
	return text;
}

/* Its first sentence, or "" if it has more lines than one. */
static const char *note_of(struct fold *f, const char *p)
{
	const char *end;

	p += strspn(p, " \t");
	end = strncmp(p, "/*", 2) ? NULL : strstr(p, "*/");
	if (!end || memchr(p, '\n', (size_t)(end - p)))
		return "";
	return fold_say(f, " %.*s", (int)(end + 2 - p), p);
}

/* What is a name that a member, or a value, declares. */
static bool declares(const struct lex_token *t, int depth)
{
	return t->is_name && ((!depth && strchr(";,[=}", *t[1].start)) ||
			      (depth == 1 && lex_is(t[-1], "*") && lex_is(t[-2], "(")));
}

/* The member that begins at *t, which is moved behind its end. */
static struct member next_member(struct brief *b, const struct lex_token **t, char until)
{
	const struct lex_token *from = *t, *end;
	struct member m = {.note = ""};
	int depth = 0;

	for (end = from; depth || (*end->start != until && !lex_is(*end, "}")); end++) {
		depth += end->len == 1 && strchr("({[", *end->start);
		depth -= end->len == 1 && strchr(")}]", *end->start);
		if (declares(end, depth) && m.nr < MAX_NAMES)
			m.names[m.nr++] = fold_say(&b->f, "%.*s", (int)end->len, end->start);
	}
	m.text = squeezed(&b->f, from->start, (size_t)(end[-1].start + end[-1].len - from->start));
	if (!lex_is(*end, "}"))
		m.note = note_of(&b->f, (end++)->start + 1);
	*t = end;
	return m;
}

/* Whether the program speaks of any of them. */
static bool is_said(struct brief *b, const struct member *m, bool promised)
{
	int i;

	for (i = 0; i < m->nr; i++)
		if (json_object_get(b->said, fold_member(&b->f, promised, m->names[i])))
			return true;
	return false;
}

const json_t *brief_members(struct brief *b, const char *words)
{
	return brief_members_of(b, brief_find(b, words));
}

const json_t *brief_members_of(struct brief *b, const struct emit_chunk *c)
{
	struct lex_token *all = lex_all(c ? c->source : "");
	const struct lex_token *t = all;
	json_t *names = json_array();
	struct member m;
	int i;

	while (t->len && !lex_is(*t, "{"))
		t++;
	for (t += t->len > 0; t->len && !lex_is(*t, "}");) {
		m = next_member(b, &t, ';');
		for (i = 0; i < m.nr; i++)
			json_array_append_new(names, json_string(m.names[i]));
	}
	json_array_append_new(b->f.pool, names);
	free(all);
	return names;
}

/* Whether its size is part of op's machine code: they stand in a row. */
static bool keeps_size(struct brief *b, const char *name)
{
	struct emit_chunk *op = brief_find(b, "static void op(");

	return !strcmp(name, "bench_area") ||
	       strstr(op->source, fold_say(&b->f, "(struct %s *)", name));
}

/* A member that nobody speaks of: only its size matters. */
static const char *filler(struct brief *b, const char *text)
{
	if (strchr(text, '*') && !strchr(text, '('))
		return fold_say(&b->f, "void %s", strchr(text, '*'));
	if (!strncmp(text, "enum ", 5) && !strchr(text, '{'))
		return fold_say(&b->f, "int%s", text + 5 + strcspn(text + 5, " "));
	return text;
}

/* Whether what is timed reads a member, or one behind it, up to the brace after t. */
static bool op_reads(struct brief *b, const struct lex_token *t, const struct member *m)
{
	struct member next = *m;
	int i;

	for (;;) {
		for (i = 0; i < next.nr; i++)
			if (json_object_get(b->timed, next.names[i]))
				return true;
		if (lex_is(*t, "}"))
			return false;
		next = next_member(b, &t, ';');
	}
}

/* A struct as it is said: in one line, or in more with what is noted of members. */
struct text {
	const char *one, *more;
	const char *held;   /* of more: for a line that is not full */
	const char *wanted; /* held, up to the last member that is spoken of */
};

static void add_filler(struct brief *b, struct text *s, const struct member *m)
{
	const char *text = filler(b, m->text);

	s->held = fold_say(&b->f, "%s%s%s;", s->held, *s->held ? " " : "", text);
}

/* What has no note shares a line. */
static void add_member(struct brief *b, struct text *s, const struct member *m)
{
	s->one = fold_say(&b->f, "%s %s;", s->one, m->text);
	if (b->tight || !*m->note || strlen(m->text) + strlen(m->note) + 9 > COLUMNS) {
		s->held = fold_say(&b->f, "%s%s%s;", s->held, *s->held ? " " : "", m->text);
		s->wanted = s->held;
		return;
	}
	s->more = fold_say(&b->f, "%s%s\t%s;%s\n", s->more,
			   *s->held ? fold_wrapped(&b->f, s->held, 1, 1) : "", m->text, m->note);
	s->held = s->wanted = "";
}

static void shrink_struct(struct brief *b, struct emit_chunk *c)
{
	struct lex_token *all = lex_all(c->source);
	const struct lex_token *t = all + 3;
	const char *name = fold_say(&b->f, "%.*s", (int)all[1].len, all[1].start);
	struct text s = {.one = "", .more = "", .held = "", .wanted = ""};
	bool all_of_it = keeps_size(b, name), filled = false;
	const json_t *members;
	json_t *member;
	size_t i;
	struct member m;

	while (!lex_is(*t, "}")) {
		m = next_member(b, &t, ';');
		if (!is_said(b, &m, !strcmp(name, "bench_promise"))) {
			add_filler(b, &s, &m);
			continue;
		}
		if (!all_of_it && !op_reads(b, t, &m))
			s.held = s.wanted;
		filled |= s.held != s.wanted;
		add_member(b, &s, &m);
	}
	if (!all_of_it)
		s.held = s.wanted;
	filled |= s.held != s.wanted;
	if (*s.held)
		s.more = fold_say(&b->f, "%s%s", s.more, fold_wrapped(&b->f, s.held, 1, 1));
	s.one = fold_say(&b->f, "struct %s {%s };\n", name, s.one);
	if (filled || strlen(s.one) > COLUMNS)
		s.one = fold_say(&b->f, "struct %s {\n%s};\n", name, s.more);
	emit_say(c, s.one);
	/* What members are called is nothing that is used. */
	members = brief_members(b, fold_say(&b->f, "struct %s {", name));
	json_array_foreach(members, i, member) {
		if (!strstr(s.one, fold_say(&b->f, "struct %s ", json_string_value(member))))
			json_object_del(c->uses, json_string_value(member));
	}
	free(all);
}

bool brief_uses(struct brief *b, const struct emit_chunk *but, const char *name)
{
	struct emit_file *file;
	struct emit_chunk *c;
	const char *use;
	json_t *value;
	size_t len = strlen(name);

	EACH_CHUNK(b, file, c)
	{
		if (!c->kept || c == but)
			continue;
		if (json_object_get(c->uses, name))
			return true;
		json_object_foreach(c->uses, use, value)
			if (name[len - 1] == '_' && !strncmp(use, name, len))
				return true;
	}
	return false;
}

/* Up to the last value that is used; those that are numbers of their own, if they are. */
static void shrink_enum(struct brief *b, struct emit_chunk *c)
{
	struct lex_token *all = lex_all(c->source);
	const struct lex_token *t = all;
	const char *text = "", *held = "", *head;
	struct member m;
	bool used;

	for (; !lex_is(*t, "{"); t++)
		;
	head = squeezed(&b->f, all->start, (size_t)(t->start - all->start));
	for (t++; !lex_is(*t, "}");) {
		const struct lex_token first = *t;

		m = next_member(b, &t, ',');
		used = brief_uses(b, c, fold_say(&b->f, "%.*s", (int)first.len, first.start));
		if (!used && strchr(m.text, '='))
			continue;
		held = fold_say(&b->f, "%s%s%s", held, *text || *held ? ", " : "", m.text);
		if (!used)
			continue;
		text = fold_say(&b->f, "%s%s", text, held);
		held = "";
	}
	if (*text)
		emit_say(c, fold_wrapped(&b->f, fold_say(&b->f, "%s { %s };", head, text), 0, 1));
	free(all);
}

/* static const struct x name = {...}: of members that are left. */
static void shrink_constant(struct brief *b, struct emit_chunk *c)
{
	struct lex_token *all = lex_all(c->source);
	const struct lex_token *t = all;
	const char *type = fold_say(&b->f, "struct %.*s {", (int)all[3].len, all[3].start);
	const char *text = "", *item;
	const json_t *members = brief_members(b, type);
	const char *name;
	bool named;
	size_t i;

	for (; !lex_is(*t, "{"); t++)
		;
	for (t++, i = 0; !lex_is(*t, "}"); i++, t += lex_is(*t, ",")) {
		named = lex_is(*t, ".");
		name = named ? fold_say(&b->f, "%.*s", (int)t[1].len, t[1].start)
			     : json_string_value(json_array_get(members, i)) ?: "";
		t += named ? 3 : 0;
		item = fold_expression(&b->f, &t).whole;
		if (json_object_get(b->said, name) && strcmp(item, "NULL"))
			text = fold_say(&b->f, "%s%s.%s = %s", text, *text ? ", " : "", name, item);
	}
	emit_say(c, fold_wrapped(&b->f,
				 fold_say(&b->f, "static const struct %.*s %.*s = {%s};",
					  (int)all[3].len, all[3].start, (int)all[4].len,
					  all[4].start, *text ? text : "0"),
				 0, 1));
	free(all);
}

/* Macros of a line each that stand in a row: those that are used. */
static void shrink_macros(struct brief *b, struct emit_chunk *c)
{
	const char *line = c->source, *text = "", *end, *name;

	if (strchr(line, '\\'))
		return;
	for (; (end = strchr(line, '\n')); line = end + 1) {
		name = line + strlen("#define ");
		name = fold_say(&b->f, "%.*s", (int)strcspn(name, " \t(\n"), name);
		if (strncmp(line, "#define ", 8) || brief_uses(b, NULL, name))
			text = fold_say(&b->f, "%s%.*s", text, (int)(end + 1 - line), line);
	}
	emit_say(c, text);
}

void brief_shrink(struct brief *b)
{
	struct emit_chunk *c;
	struct lex_token *t;
	size_t i, k;

	for (i = 0; i < b->p->nr; i++)
		for (k = 0; k < b->p->files[i].nr; k++) {
			c = &b->p->files[i].chunks[k];
			if (!c->kept || brief_is_function(c) || brief_is_declaration(c) ||
			    c == b->point)
				continue;
			t = lex_all(c->source);
			if (lex_is(*t, "struct") && lex_is(t[2], "{"))
				shrink_struct(b, c);
			else if (lex_is(*t, "enum"))
				shrink_enum(b, c);
			else if (!strncmp(c->source, "#define ", 8))
				shrink_macros(b, c);
			else if (lex_is(*t, "static") && lex_is(t[2], "struct") &&
				 lex_is(t[5], "="))
				shrink_constant(b, c);
			free(t);
		}
}
