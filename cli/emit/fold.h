/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions of this tree with what is known of a point put in: conditions that are known then, what
 * depends on them, and what is written for nobody to read, are left out. What is left is said in
 * the same words. It knows the C that is written here, formatted by clang-format.
 */
#ifndef CLI_EMIT_FOLD_H
#define CLI_EMIT_FOLD_H

#include <jansson.h>
#include <stdbool.h>

#include "cli/emit/lex.h"

struct fold {
	/*
	 * Expressions, as their texts, and what they are: an integer; a string that stands for
	 * something that is not 0, and equal to no other; or "=" and the text that takes its place.
	 */
	json_t *facts;
	json_t *local;	  /* likewise, in the function at hand */
	json_t *passed;	  /* "f 0": what every call of f has as its first argument; null: it differs
			   */
	json_t *told;	  /* likewise, of the round before */
	json_t *fixed;	  /* functions that somebody has a pointer to */
	json_t *shed;	  /* "f 0": nobody reads that argument, so it is not passed */
	json_t *constant; /* "f": does nothing but return that, a number or a name; "f(a)", "f()":
			     likewise, with these arguments, or with any */
	json_t *varies;	  /* members of the promise that are set again */
	json_t *alias; /* "f": "g", which it calls with its own arguments, and does nothing else */
	bool late;     /* there is not much more to come: calls may be replaced */
	json_t *paste; /* "f(a)": statements that take the place of such a call */
	json_t *sure;  /* functions that end the program, or return 0 */
	json_t *read;  /* members that are read; NULL: any may be */
	json_t *idle;  /* locals that nobody reads */
	json_t *pool;  /* what texts are made of, for as long as this lives */
	int quiet;     /* what is passed over: calls do not count */
};

/* What an expression is. */
struct fold_value {
	const char *whole;   /* all of it */
	const char *before;  /* a call that is to be made whatever becomes of it, or NULL */
	const char *after;   /* likewise, if the rest is false and the program goes on */
	const char *text;    /* and what there is to be said after that */
	const json_t *known; /* or NULL */
	bool simple;	     /* text needs no brackets */
};

void fold_start(struct fold *f);
void fold_end(struct fold *f);

/* A text that lives as long as f. */
const char *fold_say(struct fold *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

bool fold_truth(const json_t *known);

/* A member's name in f->read: those of promises, which proofs read, are told from others. */
const char *fold_member(struct fold *f, bool promised, const char *name);

/* An expression, with assignments, but no commas; *t is moved behind it. */
struct fold_value fold_expression(struct fold *f, const struct lex_token **t);

/* What stands in braces, less members that nobody reads; type: "(struct x)" or "". */
const char *fold_braces(struct fold *f, const struct lex_token **t, const char *type);

/*
 * The definition of a function, folded. If it returns 0 or ends the program, f->sure has its name
 * from now on.
 */
const char *fold_function(struct fold *f, const char *text);

/* The name of the parameter that begins there; *ret_end is where it ends. */
const char *fold_parameter(struct fold *f, const struct lex_token *t,
			   const struct lex_token **ret_end);

/* Words in lines of 100 columns, the first and the others after so many tabs. */
const char *fold_wrapped(struct fold *f, const char *text, int first, int others);

#endif
