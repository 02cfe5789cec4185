// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In which order a brief program says what is left.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/emit/brief.h"

#define COLUMNS	    100
#define LAST_RANK   30
#define FAMILY_RANK 20

/* Headers of types come first, then what calls nothing of the family. */
static int rank(const struct brief *b, const struct emit_file *file, struct emit_chunk *c)
{
	static const char *const first[] = {"bench/bench.h",	  "parts/touch.h",
					    "standalone/brief",	  "services/pages.c",
					    "services/run.c",	  "services/moves.c",
					    "services/backing.c", "services/"};
	size_t i;

	if (json_object_get(c->defines, "main"))
		return LAST_RANK;
	/* What of a driver goes before that. */
	if (brief_is_function(c) && !brief_is_declaration(c) &&
	    strstr(file->path, "/brief_crew.c") && !json_object_get(c->defines, "bench_faults"))
		return LAST_RANK - 1;
	if (strstr(c->source, "#define ") && !brief_is_function(c) && file != b->family)
		return 0;
	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		if (strstr(file->path, first[i]))
			return (int)i + 1;
	return file == b->family ? FAMILY_RANK : 10;
}

/* A function of one short statement as one line, where the program would be too long; or as it is.
 */
static const char *tight(struct brief *b, const char *text)
{
	const char *body = strstr(text, "\n{\n\t"), *end = body ? strchr(body, ';') : NULL;
	const char *line;

	if (!b->tight || !end || memchr(text, '\n', (size_t)(body - text)) == text ||
	    memchr(body + 3, '\n', (size_t)(end - body - 3)) || strcmp(end, ";\n}\n"))
		return text;
	line = fold_say(&b->f, "%.*s { %.*s; }\n", (int)(body - text), text, (int)(end - body - 4),
			body + 4);
	return strlen(line) <= COLUMNS && !strchr(line, '\t') ? line : text;
}

/* Whether a blank line goes before it: what is one line follows what is before it. Where there are
 * few left, the family and the driver have them. */
static bool is_apart(struct brief *b, const char *text, int rank)
{
	if (strchr(text, '\n')[1] == '\0')
		return false;
	return !b->closest || (rank >= FAMILY_RANK && b->left-- > 0);
}

static void put_chunk(FILE *out, struct brief *b, struct emit_file *from, struct emit_chunk *c);

/* Functions, of any file, that one calls. */
static void put_used(FILE *out, struct brief *b, struct emit_file *from, struct emit_chunk *by)
{
	struct emit_file *file;
	struct emit_chunk *c;
	const char *name;
	json_t *value;

	EACH_CHUNK(b, file, c)
	{
		if (!c->kept || c->put || !brief_is_function(c) || (c->local && file != from))
			continue;
		json_object_foreach(c->defines, name, value)
			if (json_object_get(by->uses, name))
				put_chunk(out, b, file, c);
	}
}

/* Behind what it calls. What is one line follows what is before it. */
static void put_chunk(FILE *out, struct brief *b, struct emit_file *from, struct emit_chunk *c)
{
	const char *text;

	if (c->put || brief_is_declaration(c))
		return;
	c->put = true;
	if (brief_is_function(c))
		put_used(out, b, from, c);
	text = *c->text == '/' && strstr(c->text, "*/\n#") ? strstr(c->text, "*/\n#") + 3 : c->text;
	if (brief_is_function(c))
		text = tight(b, text);
	if (b->dense || (b->tight && b->p->crew))
		text = brief_side_by_side(b, text);
	fprintf(out, "%s%s", is_apart(b, text, rank(b, from, c)) ? "\n" : "", text);
}

void brief_put(FILE *out, struct brief *b)
{
	struct emit_file *file;
	struct emit_chunk *c;
	int i;

	brief_head(out, b);
	b->left = b->spare;
	EACH_CHUNK(b, file, c)
	c->put = false;
	for (i = 0; i <= LAST_RANK; i++)
		EACH_CHUNK(b, file, c)
	if (c->kept && rank(b, file, c) == i)
		put_chunk(out, b, file, c);
}

int brief_lines(struct brief *b)
{
	char *text = NULL, *p;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int lines = 0;

	brief_put(out, b);
	fclose(out);
	for (p = text; (p = strchr(p, '\n')); p++)
		lines++;
	free(text);
	return lines;
}
