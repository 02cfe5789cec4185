// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/emit/fold_parts.h"

#define COLUMNS 100
#define TAB	8

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

const char *fold_say(struct fold *f, const char *fmt, ...)
{
	json_t *kept;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	kept = json_string_nocheck(text);
	free(text);
	json_array_append_new(f->pool, kept);
	return json_string_value(kept);
}

/* Up to the next blank that is in no string; in a comment there are none. */
static size_t word_len(const char *word, bool comment)
{
	const char *p = word;

	while (*p && *p != ' ')
		p = !comment && (*p == '"' || *p == '\'') ? lex_skip_opaque(p) : p + 1;
	return (size_t)(p - word);
}

/* Whether a line rather ends behind that word than behind another. */
static bool ends_well(const char *word, size_t len)
{
	return strchr(",;", word[len - 1]) || (len == 2 && (word[0] == '&' || word[0] == '|')) ||
	       (len == 1 && (*word == '?' || *word == ':' || *word == '='));
}

/* How much of a text goes into a line of so many columns. */
static size_t line_len(const char *text, size_t columns, bool comment)
{
	size_t at = 0, any = 0, good = 0, len;

	while (text[at]) {
		len = word_len(text + at, comment);
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
	bool comment = !strncmp(text, "/*", 2);
	const char *lines = "", *star = "";
	int tabs = first;
	size_t len;

	do {
		len = line_len(text, COLUMNS - (size_t)tabs * TAB - strlen(star), comment);
		lines = fold_say(f, "%s%.*s%s%.*s\n", lines, tabs, TABS, star, (int)len, text);
		star = comment ? " * " : "";
		text += len + strspn(text + len, " ");
		tabs = others;
	} while (*text);
	return lines;
}

struct fold_value fold_strings(struct fold *f, const struct lex_token **t)
{
	const char *text = "", *word, *known;
	bool joins = false;

	for (; *(*t)->start == '"' || ((*t)->is_name && *text); ++*t) {
		word = fold_say(f, "%.*s", (int)(*t)->len, (*t)->start);
		known = json_string_value(json_object_get(f->facts, word));
		if (known && known[1] == '"')
			text = fold_say(f, "%.*s%s", (int)strlen(text) - 1, text, known + 2);
		else if (joins)
			text = fold_say(f, "%.*s%s", (int)strlen(text) - 1, text, word + 1);
		else
			text = fold_say(f, "%s%s%s", text, *text ? " " : "", word);
		joins = known && known[1] == '"';
	}
	return fold_plain(text, true);
}

const char *fold_without_nothing(struct fold *f, const char *args)
{
	static const char nothing[] = ", \"\"";
	const char *at, *next;
	size_t len;

	for (;;) {
		for (at = NULL, next = args; (next = strstr(next, "%s")); next++)
			at = next;
		len = strlen(args);
		if (!at || len < strlen(nothing) || strcmp(args + len - strlen(nothing), nothing))
			return args;
		args = fold_say(f, "%.*s%.*s", (int)(at - args), args,
				(int)(args + len - strlen(nothing) - at - 2), at + 2);
	}
}
