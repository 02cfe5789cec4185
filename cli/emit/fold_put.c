// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Statements as lines.
 */
#include <string.h>

#include "cli/emit/fold_parts.h"

void fold_put(struct function *fn, struct block *b, const char *text)
{
	const char *line = fold_wrapped(fn->f, text, b->depth, b->depth + 1);

	b->text = fold_say(fn->f, "%s%s%s", b->text, b->opens ? "\n" : "", line);
	b->opens = false;
	b->nr++;
}

/* The comment that stands before a statement, in lines again. */
void fold_put_comment(struct function *fn, struct block *b, struct lex_token at)
{
	const char *words = "/*", *p = at.comment ? at.comment + 2 : NULL, *end;
	size_t len;

	if (!p)
		return;
	for (end = strstr(p, "*/"); (p += strspn(p, " \t\n")) < end; p += len) {
		len = strcspn(p, " \t\n");
		if (*p != '*' || len > 1)
			words = fold_say(fn->f, "%s %.*s", words, (int)len, p);
		if (p[len - 1] == '.')
			break;
	}
	b->text =
		fold_say(fn->f, "%s%s%s", b->text, b->opens ? "\n" : "",
			 fold_wrapped(fn->f, fold_say(fn->f, "%s */", words), b->depth, b->depth));
	b->opens = false;
}

/* Each of the calls "a;\nb" by itself. */
void fold_put_before(struct function *fn, struct block *b, const char *calls)
{
	const char *head, *body;
	size_t len;

	for (; calls && *calls; calls += len + strspn(calls + len, ";\n")) {
		len = strcspn(calls, "\n");
		len -= calls[len] == '\n';
		body = json_string_value(
			json_object_get(fn->f->paste, fold_say(fn->f, "%.*s", (int)len, calls)));
		if (body && b->depth == 1) {
			b->text = fold_say(fn->f, "%s%s%s", b->text, b->opens ? "\n" : "", body);
			b->opens = false;
			b->nr++;
			continue;
		}
		head = memchr(calls, '\t', len);
		if (head)
			fold_put(fn, b, fold_say(fn->f, "%.*s", (int)(head - calls), calls));
		b->depth += head != NULL;
		fold_put(fn, b,
			 fold_say(fn->f, "%.*s;", (int)(calls + len - (head ? head + 1 : calls)),
				  head ? head + 1 : calls));
		b->depth -= head != NULL;
		b->ended |= !head && !strncmp(calls, "bench_fail(", 11);
	}
}

/* "HEAD", "HEAD {", and what is under it. */
void fold_put_under(struct function *fn, struct block *b, const char *head, struct block under,
		    const char *tail)
{
	bool braces = under.nr > 1 || *tail;
	const char *text;

	fold_put(fn, b, braces ? fold_say(fn->f, "%s {", head) : head);
	text = under.nr ? under.text : fold_say(fn->f, "%.*s;\n", under.depth, TABS);
	b->text = fold_say(fn->f, "%s%s", b->text, text);
	if (braces)
		b->text = fold_say(fn->f, "%s%.*s}%s\n", b->text, b->depth, TABS, tail);
}
