// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/emit/lex.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_comment(const char *p)
{
	const char *end;

	if (p[0] == '/' && p[1] == '*') {
		end = strstr(p + 2, "*/");
		return end ? end + 2 : p + strlen(p);
	}
	return p[0] == '/' && p[1] == '/' ? p + strcspn(p, "\n") : p;
}

const char *lex_skip_opaque(const char *p)
{
	char quote = *p;

	if (quote != '"' && quote != '\'')
		return skip_comment(p);
	for (p++; *p && *p != quote; p++)
		p += *p == '\\' && p[1];
	return *p ? p + 1 : p;
}

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* How long the operator, or anything else, is that begins there. */
static size_t operator_len(const char *p)
{
	bool twice = *p && p[1] == *p;

	if (*p == '.')
		return twice && p[2] == '.' ? 3 : 1;
	if (twice && strchr("<>", *p))
		return p[2] == '=' ? 3 : 2;
	if ((twice && strchr("+-=&|#", *p)) || (*p == '-' && p[1] == '>'))
		return 2;
	return *p && p[1] == '=' && strchr("<>!+-*/%&|", *p) ? 2 : *p != '\0';
}

/* Moves *p behind blanks and comments, which are noted. */
static void skip_space(const char **p, const char *begin, struct lex_token *t)
{
	const char *past, *from;
	bool fresh;

	if (!strchr(" \t\n/", **p))
		return;
	do {
		from = *p;
		past = from + strspn(from, " \t\n");
		fresh = past == begin || memchr(from, '\n', (size_t)(past - from));
		t->blank |= !t->comment && memmem(from, (size_t)(past - from), "\n\n", 2);
		*p = skip_comment(past);
		if (*p != past && fresh && !t->comment)
			t->comment = past;
	} while (*p != past);
}

static struct lex_token next_token(const char **p, const char *begin)
{
	struct lex_token t = {0};

	skip_space(p, begin, &t);
	t.start = *p;
	while (in_name(**p))
		++*p;
	t.is_name = *p > t.start && !isdigit((unsigned char)*t.start);
	if (*p == t.start)
		*p = lex_skip_opaque(t.start);
	if (*p == t.start)
		*p += operator_len(t.start);
	t.len = (size_t)(*p - t.start);
	return t;
}

struct lex_token lex_next(const char **p)
{
	return next_token(p, NULL);
}

struct lex_token *lex_all(const char *text)
{
	struct lex_token *all = NULL;
	const char *p = text;
	size_t nr = 0, room = 0;

	do {
		room = nr < room ? room : 2 * room + 64;
		all = realloc(all, room * sizeof(*all));
		if (!all)
			abort();
		all[nr] = next_token(&p, text);
	} while (all[nr++].len);
	return all;
}

const struct lex_token *lex_past_bracket(const struct lex_token *t)
{
	int depth = 0;

	do {
		depth += lex_is(*t, "(");
		depth -= lex_is(*t, ")");
		t++;
	} while (depth && t->len);
	return t;
}

bool lex_is(struct lex_token t, const char *text)
{
	return t.len == strlen(text) && !strncmp(t.start, text, t.len);
}
