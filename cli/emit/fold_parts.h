/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of fold.h share.
 */
#ifndef CLI_EMIT_FOLD_PARTS_H
#define CLI_EMIT_FOLD_PARTS_H

#include "cli/emit/fold.h"

#define TABS "\t\t\t\t\t\t\t\t" /* at most so many are needed */

/* Statements that are put together. */
struct block {
	const char *text; /* lines */
	int depth;	  /* tabs before them */
	int nr;
	bool ended;	       /* what follows is not reached */
	bool opens;	       /* the last one was a declaration */
	const char *condition; /* all of it is an if without else: its condition, and what is */
	const char *under;     /* under that; or NULL */
};

struct function {
	struct fold *f;
	const struct lex_token *t; /* the next one */
	const struct lex_token
		*before; /* what was left of it the last time, and all of it at first */
	const struct lex_token *all;
	const struct lex_token *open; /* the bracket of its parameters */
	const char *name;
	bool sure;    /* of all that it returns so far */
	bool is_void; /* from now on, as it is sure */
};

/* Values (fold_value.c). Texts are expressions. */
const json_t *fold_number(struct fold *f, long value);
const json_t *fold_name(struct fold *f, const char *word); /* of a constant, as a fact */
bool fold_is_word(const char *text);  /* a constant, by its name or its number */
bool fold_is_flags(const char *text); /* constants or'ed: "A | B", maybe in brackets */
struct fold_value fold_plain(const char *text, bool simple);

/* "a + b" of "(a + b)"; and the other way round, if there is an operator of two in it. */
const char *fold_without_brackets(struct fold *f, const char *text);
const char *fold_bracketed(struct fold *f, const char *text);

/* The same, if something is known of it. */
struct fold_value fold_looked_up(struct fold *f, const char *text);
struct fold_value fold_joined(struct fold *f, struct fold_value a, const char *op,
			      struct fold_value b);

/* Calls that are made first, one after the other; NULL: none. */
const char *fold_chain(struct fold *f, const char *first, const char *then);

/* A call that is made if something holds. */
const char *fold_under(struct fold *f, const char *condition, const char *call);
bool fold_equal(const json_t *a, const json_t *b);

/* Strings in a row, with names among them: one that is known is part of its neighbours. */
struct fold_value fold_strings(struct fold *f, const struct lex_token **t);

/* Arguments without a last "" and the "%s" that it is for. */
const char *fold_without_nothing(struct fold *f, const char *args);

/* a || b, a && b; and of other operators. */
struct fold_value fold_either(struct fold *f, struct fold_value a, const char *op,
			      struct fold_value b);
struct fold_value fold_arithmetic(struct fold *f, struct fold_value a, const char *op,
				  struct fold_value b);

/* Adds a statement to a block; the comment of the one that begins at a token; calls (fold_chain())
 */
void fold_put(struct function *fn, struct block *b, const char *text);
void fold_put_comment(struct function *fn, struct block *b, struct lex_token at);
void fold_put_before(struct function *fn, struct block *b, const char *calls);

/* "HEAD", or "HEAD {", with what is under it, and "}TAIL". */
void fold_put_under(struct function *fn, struct block *b, const char *head, struct block under,
		    const char *tail);

/* Reads the next statement, or what is in braces, and adds what is left of it. */
void fold_statement(struct function *fn, struct block *b);
void fold_block(struct function *fn, struct block *b);
void fold_declaration(struct function *fn, struct block *b, int len);
void fold_expression_statement(struct function *fn, struct block *b);

/* How many tokens before the first declarator, or 0 if it is no declaration. */
int fold_type_len(const struct lex_token *t);

/* How many tokens before the name of a declarator: "* *", "*const". */
int fold_stars(const struct lex_token *t);

/* How often what was left gives a local or a parameter a value. */
int fold_changes(const struct function *fn, const char *name);

/* Whether a name stands in a text as something else than what is set. */
bool fold_is_read(const char *body, const char *name);

/* Notes what a body only declares. True if that is news. */
bool fold_find_idle(struct fold *f, const char *body);

#endif
