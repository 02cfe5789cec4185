// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/emit/brief.h"

#include <string.h>

/* A function's definition, something that is only declared, or data. */
static unsigned int form_of(const char *source)
{
	const char *p = source, *brace = strstr(source, "\n{\n");
	struct lex_token first = lex_next(&p), t;
	bool data = lex_is(first, "enum") || lex_is(first, "#");

	if (lex_is(first, "struct")) {
		lex_next(&p);
		data = lex_is(lex_next(&p), "{");
	}
	if (brace && !data)
		return EMIT_FUNCTION;
	if (lex_is(first, "extern"))
		return EMIT_DECLARATION;
	if (data || lex_is(first, "static"))
		return EMIT_DATA;
	for (p = source; (t = lex_next(&p)).len && !lex_is(t, "{") && !lex_is(t, "=");)
		;
	return t.len || !strchr(source, '(') ? EMIT_DATA : EMIT_DECLARATION;
}

bool brief_is_function(struct emit_chunk *c)
{
	c->form = c->form ?: form_of(c->source);
	return c->form == EMIT_FUNCTION;
}

bool brief_is_declaration(struct emit_chunk *c)
{
	c->form = c->form ?: form_of(c->source);
	return c->form == EMIT_DECLARATION;
}

struct emit_chunk *brief_find(struct brief *b, const char *words)
{
	struct emit_file *file;
	struct emit_chunk *c;
	const char *p;

	EACH_CHUNK(b, file, c)
	{
		p = c->source;
		if (!strncmp(lex_next(&p).start, words, strlen(words)))
			return c;
	}
	return NULL;
}
