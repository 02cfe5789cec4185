/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sources taken apart: into what stands between blank lines outside of braces, which in this tree
 * is a function, a type, a table or a macro with its comment. Of these a program needs some.
 */
#ifndef CLI_EMIT_CHUNKS_H
#define CLI_EMIT_CHUNKS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct emit_chunk {
	char *text;
	const char *source;	/* what text is made of: at first the same */
	json_t *defines, *uses; /* names, as keys of objects */
	bool local;		/* not seen outside of its file */
	bool kept, followed;	/* followed: what it uses is kept, too */
	bool put;		/* printed, by who prints a chunk after those that it uses */
	enum {
		EMIT_UNKNOWN,
		EMIT_FUNCTION,
		EMIT_DECLARATION,
		EMIT_DATA,
	} form; /* who needs it finds it out */
};

struct emit_file {
	const char *path;
	json_t *includes; /* keys: headers of the system, "<stdio.h>" */
	char *head;	  /* the comment that it begins with, or NULL */
	struct emit_chunk *chunks;
	size_t nr;
	bool whole; /* all of it is kept */
};

/* Takes one file apart. License lines, includes and include guards are in no chunk. */
void emit_file_read(struct emit_file *file, const char *path, const char *text);

/* Keeps all of a file. */
void emit_keep_all(struct emit_file *file);

/* Keeps every chunk of any of the files that a kept one uses, and what those use. */
void emit_keep_reached(struct emit_file *files, size_t nr);

/*
 * The same. Then, of files that are not whole, enums lose the values that nobody uses, but not the
 * first, which 0 means.
 */
void emit_keep_used(struct emit_file *files, size_t nr);

/* Adds a chunk to a file. */
struct emit_chunk *emit_add(struct emit_file *file, const char *text);

/* Makes two chunks of one: the second begins at that byte of it. */
void emit_split(struct emit_file *file, size_t index, size_t at);

/* Has a chunk say something else; what it defines stays. */
void emit_say(struct emit_chunk *c, const char *text);

/* Has a chunk be made of something else; what it says stays. */
void emit_source(struct emit_chunk *c, const char *text);

void emit_file_free(struct emit_file *file);

#endif
