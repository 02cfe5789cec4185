/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of C sources.
 */
#ifndef CLI_EMIT_LEX_H
#define CLI_EMIT_LEX_H

#include <stdbool.h>
#include <stddef.h>

/* A name, a number, a string, an operator; len is 0 at the end of the text. */
struct lex_token {
	const char *start;
	size_t len;
	bool is_name;
	bool blank;	     /* an empty line is before it */
	const char *comment; /* on lines of its own before it, up to start; or NULL */
};

/* Behind the comment, string or character constant that begins at p; p itself if none does. */
const char *lex_skip_opaque(const char *p);

/* Moves *p behind the next token. Comments are none. */
struct lex_token lex_next(const char **p);

/* All tokens of a text, up to one without length; to be freed. */
struct lex_token *lex_all(const char *text);

bool lex_is(struct lex_token t, const char *text);

/* Of what lex_all() has, the token behind the bracket that closes the one at t. */
const struct lex_token *lex_past_bracket(const struct lex_token *t);

#endif
