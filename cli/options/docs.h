/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is made of the tables of options for people and their shells.
 */
#ifndef CLI_OPTIONS_DOCS_H
#define CLI_OPTIONS_DOCS_H

#include <stdio.h>

#include "cli/options/options.h"

/* A list of commands ends with NULL. */

/* What `faultbench COMMAND -h` prints. */
void command_help(FILE *out, const struct command *c);

/* What `faultbench -h` prints. */
void commands_help(FILE *out, const struct command *const *commands);

/* The man page, in the macros of man(7). */
void commands_man(FILE *out, const struct command *const *commands);

/*
 * The table that completions go by, a line each of "COMMAND|WHERE|VALUE|KIND|CHOICES|HELP". WHERE
 * is empty for the command itself, an option with its dashes, or the number of an operand, from 1.
 * KIND is a name of enum word_kind, empty for a flag; * is behind it where there may be several,
 * ? where the value may be left out. CHOICES have blanks between them.
 */
void commands_table(FILE *out, const struct command *const *commands);

/* What they share. */
extern const char docs_purpose[];

/* The exit statuses, up to one without meaning. */
extern const struct docs_status {
	int status;
	const char *meaning;
} docs_statuses[];

/* What stands around words to be typed and around those that stand for others: "" or fonts. */
struct docs_marks {
	const char *word, *value, *end;
};

#define DOCS_TEXT 256

/* "--functions[=N]" */
const char *docs_option(const struct cli_option *o, const struct docs_marks *m,
			char text[DOCS_TEXT]);

/* "faultbench check [OPTION]... J..." */
const char *docs_synopsis(const struct command *c, const struct docs_marks *m,
			  char text[DOCS_TEXT]);

#endif
