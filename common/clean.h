/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text of others, made visible where it comes in: records when they are read from a journal or a
 * worker, words of other programs and files when they are said. From there on it can go to a
 * terminal, a table, a page or a picture as it is.
 */
#ifndef COMMON_CLEAN_H
#define COMMON_CLEAN_H

#include <jansson.h>
#include <stdbool.h>

/*
 * A copy, malloc'ed, in one line: control characters, what changes the direction of text, what
 * cannot be seen and what is no UTF-8 or not allowed in XML stands there as \n, \t, \x1b or \u202e.
 */
char *clean_text(const char *text);

/* Whether that would change nothing. */
bool clean_is(const char *text);

/* All texts of a value, and the names of its members. */
void clean_json(json_t *value);

#endif
