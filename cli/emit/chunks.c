// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/emit/chunks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/emit/lex.h"

static void add_name(json_t *set, struct lex_token t)
{
	json_object_setn_new(set, t.start, t.len, json_true());
}

/* Words before a bracket or brace that are not the name of what it belongs to. */
static bool is_syntax(struct lex_token t)
{
	static const char *const words[] = {"enum", "struct", "union", "__attribute__", "_Alignas"};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (lex_is(t, words[i]))
			return true;
	return false;
}

/* Where in a chunk the reading is. */
struct reading {
	struct lex_token last;
	int depth;	       /* of brackets and braces */
	bool to_enum, in_enum; /* an enum's braces follow; or are around */
};

/*
 * A chunk defines what stands outside of brackets and braces before one of ( = ; [ , { and what a
 * macro or a value of an enum is called. It uses all other names but those of members.
 */
static void take_token(struct emit_chunk *c, struct reading *r, struct lex_token t)
{
	bool outside = r->depth == 0 && r->last.is_name && !is_syntax(r->last);
	bool member = lex_is(r->last, ".") || lex_is(r->last, "->");

	if (outside && t.len == 1 && strchr("(=;[,{", *t.start))
		add_name(c->defines, r->last);
	if (t.is_name && lex_is(r->last, "define"))
		add_name(c->defines, t);
	if (t.is_name && r->in_enum && r->depth == 1 &&
	    (lex_is(r->last, "{") || lex_is(r->last, ",")))
		add_name(c->defines, t);
	if (t.is_name && !member)
		add_name(c->uses, t);
	if (lex_is(t, "{") && r->to_enum && r->depth == 0)
		r->in_enum = true;
	/* Between the word and the brace there is at most a name. */
	if (lex_is(t, "enum") || !t.is_name)
		r->to_enum = lex_is(t, "enum");
	r->depth += lex_is(t, "{") || lex_is(t, "(");
	r->depth -= lex_is(t, "}") || lex_is(t, ")");
	if (r->depth == 0)
		r->in_enum = false;
	r->last = t;
}

/* What a .c file keeps to itself: all but functions and variables that are not static. */
static bool is_local(const char *text)
{
	struct lex_token first = lex_next(&text), third;

	lex_next(&text);
	third = lex_next(&text);
	return lex_is(first, "#") || lex_is(first, "static") || lex_is(first, "enum") ||
	       lex_is(first, "TOUCH_LOOP") || (lex_is(first, "struct") && lex_is(third, "{"));
}

static void read_chunk(struct emit_chunk *c, bool header)
{
	struct reading r = {0};
	const char *p = c->text;
	struct lex_token t;
	const char *name;
	json_t *value;

	c->defines = json_object();
	c->uses = json_object();
	c->local = !header && is_local(c->text);
	while ((t = lex_next(&p)).len)
		take_token(c, &r, t);
	json_object_foreach(c->defines, name, value) {
		json_object_del(c->uses, name);
	}
}

/* Of a directive: all of its lines. */
static const char *skip_directive(const char *p)
{
	while (*p && *p != '\n')
		p = lex_skip_opaque(p) != p ? lex_skip_opaque(p) : p + (*p == '\\' && p[1] ? 2 : 1);
	return p;
}

/* Behind the chunk that begins at p: at a blank line outside of brackets, or the end. */
static const char *chunk_end(const char *p)
{
	int depth = 0;

	while (*p && (depth || strncmp(p, "\n\n", 2))) {
		if (*p == '#') {
			p = skip_directive(p);
		} else if (lex_skip_opaque(p) != p) {
			p = lex_skip_opaque(p);
		} else {
			depth += *p == '{' || *p == '(';
			depth -= *p == '}' || *p == ')';
			p++;
		}
	}
	return *p ? p + 1 : p;
}

/* Whether a line is to go: license, include, include guard. Notes which headers were included. */
static bool drop_line(struct emit_file *file, const char *line, size_t len)
{
	bool guard = len > 3 && !strncmp(line + len - 2, "_H", 2);

	if (!strncmp(line, "#include <", 10))
		json_object_setn_new(file->includes, line + 9, len - 9, json_true());
	return (memmem(line, len, "SPDX-License-Identifier:", 24)) ||
	       !strncmp(line, "#include ", 9) ||
	       (guard && (!strncmp(line, "#ifndef ", 8) || !strncmp(line, "#define ", 8)));
}

static char *kept_lines(struct emit_file *file, const char *from, const char *to)
{
	char *text = calloc(1, (size_t)(to - from) + 1);
	size_t len, used = 0;

	for (; from < to; from += len + 1) {
		len = strcspn(from, "\n");
		if (drop_line(file, from, len))
			continue;
		memcpy(text + used, from, len + 1);
		used += len + 1;
	}
	return text;
}

static void add_chunk(struct emit_file *file, char *text, bool first)
{
	const char *p = text;
	bool comment = lex_next(&p).len == 0;
	struct emit_chunk *more;

	if (first && comment && *text) {
		file->head = text;
		return;
	}
	/* The end of an include guard; and comments that belong to nothing. */
	if (comment || !strcmp(text, "#endif\n")) {
		free(text);
		return;
	}
	more = realloc(file->chunks, (file->nr + 1) * sizeof(*more));
	if (!more)
		abort();
	file->chunks = more;
	more[file->nr] = (struct emit_chunk){.text = text, .source = strdup(text)};
	read_chunk(&more[file->nr++], strstr(file->path, ".h") != NULL);
}

struct emit_chunk *emit_add(struct emit_file *file, const char *text)
{
	add_chunk(file, strdup(text), false);
	return &file->chunks[file->nr - 1];
}

static void free_chunk(struct emit_chunk *c)
{
	free(c->text);
	free((char *)c->source);
	json_decref(c->defines);
	json_decref(c->uses);
}

void emit_split(struct emit_file *file, size_t index, size_t at)
{
	struct emit_chunk whole = file->chunks[index], tail;

	add_chunk(file, strdup(whole.source + at), false);
	tail = file->chunks[file->nr - 1];
	add_chunk(file, strndup(whole.source, at), false);
	file->chunks[index] = file->chunks[--file->nr];
	memmove(&file->chunks[index + 2], &file->chunks[index + 1],
		(file->nr - 2 - index) * sizeof(tail));
	file->chunks[index + 1] = tail;
	free_chunk(&whole);
}

void emit_say(struct emit_chunk *c, const char *text)
{
	json_t *defines = c->defines;
	bool local = c->local;

	free(c->text);
	json_decref(c->uses);
	c->text = strdup(text);
	read_chunk(c, false);
	json_decref(c->defines);
	c->defines = defines;
	c->local = local;
}

void emit_source(struct emit_chunk *c, const char *text)
{
	char *copy = strdup(text);

	free((char *)c->source);
	c->source = copy;
}

void emit_file_read(struct emit_file *file, const char *path, const char *text)
{
	const char *from = text, *to;

	*file = (struct emit_file){.path = path, .includes = json_object()};
	while (*from) {
		to = chunk_end(from);
		add_chunk(file, kept_lines(file, from, to), from == text);
		from = to + strspn(to, "\n");
	}
}

void emit_keep_all(struct emit_file *file)
{
	size_t i;

	file->whole = true;
	for (i = 0; i < file->nr; i++)
		file->chunks[i].kept = true;
}

/* Keeps what defines a name and can be seen from the file `from`. True if that is news. */
static bool keep_definers(struct emit_file *files, size_t nr, const struct emit_file *from,
			  const char *name)
{
	struct emit_chunk *c;
	bool news = false;
	size_t i, k;

	for (i = 0; i < nr; i++) {
		for (k = 0; k < files[i].nr; k++) {
			c = &files[i].chunks[k];
			if (c->kept || (c->local && &files[i] != from) ||
			    !json_object_get(c->defines, name))
				continue;
			c->kept = news = true;
		}
	}
	return news;
}

/* By its name, or as PREFIX_##rest. */
static bool chunk_uses(const struct emit_chunk *c, struct lex_token name)
{
	const char *use;
	json_t *value;
	size_t len;

	json_object_foreach(c->uses, use, value) {
		len = strlen(use);
		if (lex_is(name, use) ||
		    (use[len - 1] == '_' && len < name.len && !strncmp(name.start, use, len)))
			return true;
	}
	return false;
}

static bool is_used(const struct emit_file *files, size_t nr, struct lex_token name)
{
	size_t i, k;

	for (i = 0; i < nr; i++)
		for (k = 0; k < files[i].nr; k++)
			if (files[i].chunks[k].kept && chunk_uses(&files[i].chunks[k], name))
				return true;
	return false;
}

/* Whether a line is "\tNAME," or "\tNAME = VALUE,", and where that ends with its comment. */
static bool is_value(char *line, struct lex_token *ret_name, char **ret_end)
{
	const char *p = line, *comment = strstr(line, "/*"), *end = strchr(line, '\n');

	*ret_name = lex_next(&p);
	if (comment && comment < end)
		end = strchr(lex_skip_opaque(comment), '\n');
	*ret_end = line + (end - line);
	return *line == '\t' && ret_name->is_name && (*p == ',' || !strncmp(p, " = ", 3));
}

static void prune_enum(const struct emit_file *files, size_t nr, struct emit_chunk *c)
{
	char *line = strstr(c->text, "{\n"), *end;
	struct lex_token name;

	/* Behind the brace, then behind the first value. */
	if (!line)
		return;
	is_value(line + 2, &name, &end);
	for (line = end + 1; *line; line = end + 1) {
		if (is_value(line, &name, &end) && !is_used(files, nr, name)) {
			memmove(line, end + 1, strlen(end));
			end = line - 1;
		}
	}
}

static bool is_enum(const struct emit_chunk *c)
{
	const char *p = c->text;

	return lex_is(lex_next(&p), "enum");
}

/* Keeps what a chunk uses; whether there is news. seen: names that its file has used. */
static bool follow(struct emit_file *files, size_t nr, const struct emit_file *from,
		   struct emit_chunk *c, json_t *seen)
{
	const char *name;
	json_t *value;
	bool news = false;

	c->followed = true;
	json_object_foreach(c->uses, name, value) {
		if (json_object_get(seen, name))
			continue;
		json_object_set_new(seen, name, json_true());
		news |= keep_definers(files, nr, from, name);
	}
	return news;
}

void emit_keep_reached(struct emit_file *files, size_t nr)
{
	json_t *seen = json_array();
	struct emit_chunk *c;
	bool news = true;
	size_t i, k;

	for (i = 0; i < nr; i++) {
		json_array_append_new(seen, json_object());
		for (k = 0; k < files[i].nr; k++)
			files[i].chunks[k].followed = false;
	}
	while (news) {
		news = false;
		for (i = 0; i < nr; i++) {
			for (k = 0; k < files[i].nr; k++) {
				c = &files[i].chunks[k];
				if (c->kept && !c->followed)
					news |= follow(files, nr, &files[i], c,
						       json_array_get(seen, i));
			}
		}
	}
	json_decref(seen);
}

void emit_keep_used(struct emit_file *files, size_t nr)
{
	size_t i, k;

	emit_keep_reached(files, nr);
	for (i = 0; i < nr; i++)
		for (k = 0; k < files[i].nr && !files[i].whole; k++)
			if (files[i].chunks[k].kept && is_enum(&files[i].chunks[k]))
				prune_enum(files, nr, &files[i].chunks[k]);
}

void emit_file_free(struct emit_file *file)
{
	size_t i;

	for (i = 0; i < file->nr; i++)
		free_chunk(&file->chunks[i]);
	free(file->chunks);
	free(file->head);
	json_decref(file->includes);
	*file = (struct emit_file){0};
}
