/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The brief program of a point: its sources with the point's values put in, and less what they then
 * do not reach.
 */
#ifndef CLI_EMIT_BRIEF_H
#define CLI_EMIT_BRIEF_H

#include "cli/emit/fold.h"
#include "cli/emit/point.h"

#define EACH_CHUNK(b, file, c)                                                \
	for (file = (b)->p->files; file < (b)->p->files + (b)->p->nr; file++) \
		for (c = file->chunks; c < file->chunks + file->nr; c++)

#define BRIEF_LINES 250 /* at most, as long as there is a way */

struct brief {
	struct program *p;
	struct fold f;
	struct emit_file *family;
	struct emit_chunk *point; /* the run and its op */
	const char *data;	  /* the variant's own: "plain", or NULL */
	json_t *said;		  /* members that the program speaks of */
	json_t *verbatim;	  /* functions that are part of it */
	json_t *steps;		  /* setup and so on */
	json_t *timed;		  /* members that what is timed reads */
	bool tight;		  /* it would have too many lines */
	bool dense, closest;	  /* even so; even then */
	int spare, left; /* closest: lines that there may be more; of these, not yet used */
};

/* Facts of the point and its family (brief_facts.c). */
void brief_know(struct brief *b);

/*
 * How many workers there are, and what each has of the memory, where that is whole; and, after each
 * round, what follows from what is kept (brief_crew.c).
 */
void brief_know_workers(struct brief *b);
void brief_know_kept(struct brief *b);

/* From now on it says itself how large folios of known orders are. */
void brief_know_folios(struct brief *b);

/* Structs, enums and constants, less what the program does not speak of (brief_data.c). */
void brief_shrink(struct brief *b);

/* Names of the members of the struct that begins with these words, in their order. */
const json_t *brief_members(struct brief *b, const char *words);
const json_t *brief_members_of(struct brief *b, const struct emit_chunk *c);

/* Whether a chunk is the definition of a function; or only declares something. */
bool brief_is_function(struct emit_chunk *c);
bool brief_is_declaration(struct emit_chunk *c);

/* Whether anything that is kept says a name, or one that begins so: "x_". */
bool brief_uses(struct brief *b, const struct emit_chunk *but, const char *name);

/* The chunk of any file that begins with these words; or NULL. */
struct emit_chunk *brief_find(struct brief *b, const char *words);

/* Whether it is part of what is timed, so that its machine code is to be the worker's. */
bool brief_is_verbatim(struct brief *b, const struct emit_chunk *c);

/*
 * Says the shortest function that is called once only where it is called, as its source, if that
 * is a statement of its own, or what one sets. False if there is none.
 */
bool brief_inline(struct brief *b);

/* Functions that only call another with their own arguments: it is called instead. */
void brief_skip_wrappers(struct brief *b);

/* Says in fewer lines what ends the program; and declarations, of a text (brief_crew.c). */
void brief_tighten(struct brief *b);
const char *brief_side_by_side(struct brief *b, const char *text);

/* The program; and how many lines it has. */
void brief_put(FILE *out, struct brief *b);
int brief_lines(struct brief *b);

/* Of the point: bytes, or 0. */
long brief_size(const struct brief *b);

/* The comment, headers and values that the program begins with (brief_head.c). */
void brief_head(FILE *out, struct brief *b);

void brief_print(FILE *out, struct program *p);

#endif
