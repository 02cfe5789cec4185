// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/text/command.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/text/grid.h"

/* A word as a shell reads it, 'with quotes' where they are needed. */
static void put_word(FILE *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_@%+=:,./~-";
	size_t home = !strncmp(word, "~/", 2) ? 2 : 0; /* which a shell reads unquoted only */

	if (*word && strspn(word, plain) == strlen(word)) {
		fputs(word, out);
		return;
	}
	fprintf(out, "%.*s'", (int)home, word);
	for (word += home; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, out);
	fputc('\'', out);
}

/* The word, on a line of its own if it does not fit; *at is the column. */
static void put_fitting(FILE *out, size_t *at, const char *word)
{
	if (*at + 1 + strlen(word) > GRID_WIDTH - 2) {
		fputs(" \\\n       ", out);
		*at = 7;
	}
	*at += 1 + strlen(word);
	fprintf(out, " %s", word);
}

void text_command(FILE *out, const json_t *words, const char *last)
{
	json_t *word;
	size_t i, size, at = strlen("    faultbench");
	char *text;
	FILE *quoted;

	fputs("    faultbench", out);
	json_array_foreach(words, i, word) {
		text = NULL;
		quoted = open_memstream(&text, &size);
		if (quoted) {
			put_word(quoted, json_is_string(word) ? json_string_value(word) : "?");
			fclose(quoted);
		}
		put_fitting(out, &at, text ? text : "?");
		free(text);
	}
	if (last)
		put_fitting(out, &at, last);
	fputc('\n', out);
}
