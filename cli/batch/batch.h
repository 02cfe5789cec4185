/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scripts for engines that carry parts of a plan. Each engine is a row of `engines` and a function.
 */
#ifndef CLI_BATCH_BATCH_H
#define CLI_BATCH_BATCH_H

#include <stdio.h>

struct batch {
	const char *const *words; /* of `faultbench run`, then NULL: without --shard and --out */
	const char *out;	  /* the journal to make, NAME.jsonl */
	const char *name;	  /* its NAME, also of the folder of parts, NAME.parts */
	unsigned int parts;	  /* at least 1 */
};

struct batch_engine {
	const char *name, *summary;
	void (*print)(FILE *out, const struct batch *batch);
};

/* Then a row of zeros. */
extern const struct batch_engine batch_engines[];

void batch_make(FILE *out, const struct batch *batch);
void batch_slurm(FILE *out, const struct batch *batch);

/*
 * Prints a word as a POSIX shell takes it, in quotes where it needs them, each character of `also`
 * doubled.
 */
void batch_quote(FILE *out, const char *word, char also);

/* The words of run for a part, whose number is `part` in the script, and its journal. */
void batch_run(FILE *out, const struct batch *batch, const char *part, char also);

#endif
