/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scripts for engines that carry parts of a plan. Each engine is a row of `engines` and a function.
 */
#ifndef CLI_BATCH_BATCH_H
#define CLI_BATCH_BATCH_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/options/asked.h"
#include "cli/options/options.h"

/* In the head of a script of Slurm's, which says that it is ours. */
#define BATCH_SLURM_MARK "# A plan in parts on a cluster."

struct batch {
	const char *const *words; /* of `faultbench run`, then NULL: without --shard and --out */
	struct asked asked;	  /* by them */
	const char *out;	  /* the journal to make, NAME.jsonl */
	const char *name;	  /* its NAME, also of the folder of parts, NAME.parts */
	unsigned int parts;	  /* at least 1 */
	struct word_list first;	  /* commands that come before the parts, without "faultbench", as a
				     shell reads them; each malloc'ed */
	const char *url,
		*device;   /* of LAVA: where the files will be, and what they are for; NULL */
	const char *clone; /* where faultbench is cloned from; NULL: it is around the script */
};

struct batch_engine {
	const char *name, *summary;
	void (*print)(FILE *out, const struct batch *batch);
	/* Or it needs the kernels themselves, in the campaign that is asked for. False with one
	 * line printed. */
	bool (*pack)(FILE *out, const struct batch *batch);
	/* Submits the script and follows what it does; returns an exit status. NULL: cannot. */
	int (*submit)(const struct batch *batch);
	unsigned int most; /* parts; 0: it has none */
	bool away;	   /* where it runs there is what a repository holds, and no kernel else */
};

/* Then a row of zeros. */
extern const struct batch_engine batch_engines[];

void batch_make(FILE *out, const struct batch *batch);
void batch_slurm(FILE *out, const struct batch *batch);
int batch_submit(const struct batch *batch);
void batch_github(FILE *out, const struct batch *batch);
void batch_gitlab(FILE *out, const struct batch *batch);
bool batch_lava(FILE *out, const struct batch *batch);

/* Whether there is anything to compare in what is measured. */
static inline bool batch_compares(const struct batch *batch)
{
	return batch->asked.aa || batch->asked.kernels.nr > 1;
}

/*
 * Prints a word as a POSIX shell takes it, in quotes where it needs them, each character of `also`
 * doubled.
 */
void batch_quote(FILE *out, const char *word, char also);

/* The words of run for a part, whose number is `part` in the script, and its journal. */
void batch_run(FILE *out, const struct batch *batch, const char *part, char also);

/*
 * Adds to batch->first what fetches the kernels of the cache that its words name; a file is in the
 * repository. False, with one line printed, for what others cannot fetch.
 */
bool batch_fetch(struct batch *batch);

#endif
