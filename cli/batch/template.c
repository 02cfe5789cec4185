// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/batch/template.h"

#include <string.h>

static void put_name(FILE *out, const struct batch *b)
{
	fputs(b->name, out);
}

static void put_out(FILE *out, const struct batch *b)
{
	fputs(b->out, out);
}

static void put_parts(FILE *out, const struct batch *b)
{
	fprintf(out, "%u", b->parts);
}

static const struct template_gap common[] = {
	{"name", put_name}, {"out", put_out}, {"parts", put_parts}, {0}};

/* The gap that text, behind an @, begins with; NULL: none. */
static const struct template_gap *find(const struct template_gap *gap, const char *text)
{
	for (; gap->name; gap++)
		if (!strncmp(text, gap->name, strlen(gap->name)) && text[strlen(gap->name)] == '@')
			return gap;
	return NULL;
}

void template_put(FILE *out, const struct batch *batch, const struct template_gap *more,
		  const char *text)
{
	const struct template_gap *gap;

	while (*text) {
		gap = *text == '@' ? find(common, text + 1) : NULL;
		if (*text == '@' && !gap)
			gap = find(more, text + 1);
		if (gap) {
			gap->put(out, batch);
			text += strlen(gap->name) + 2;
		} else {
			fputc(*text++, out);
		}
	}
}
