// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/batch/batch.h"

const struct batch_engine batch_engines[] = {
	{"make", "a Makefile: make -j4 -f FILE; what was cut off goes on when it is given again",
	 batch_make, .most = 100000},
	/* An array has at most 1001 tasks, unless told otherwise. */
	{"slurm", "a script that submits itself: an array of parts, and what collects them",
	 batch_slurm, .submit = batch_submit, .most = 1000},
	/* A matrix has at most 256 jobs, and 200. */
	{"github", "a workflow of GitHub Actions: a matrix of parts, a report and a verdict",
	 batch_github, .most = 256, .away = true},
	{"gitlab", "the same for GitLab CI", batch_gitlab, .most = 200, .away = true},
	{"lava", "a job of LAVA's, for QEMU or a board, and the files that it deploys",
	 .pack = batch_lava},
	{0},
};

void batch_quote(FILE *out, const char *word, char also)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-+=:,./@%";
	const char *p;

	if (*word && word[strspn(word, plain)] == '\0') {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (p = word; *p; p++) {
		if (*p == '\'')
			fputs("'\\''", out);
		else
			fprintf(out, *p == also ? "%c%c" : "%c", *p, *p);
	}
	fputc('\'', out);
}

void batch_run(FILE *out, const struct batch *batch, const char *part, char also)
{
	size_t i;

	for (i = 0; batch->words[i]; i++) {
		fputc(' ', out);
		batch_quote(out, batch->words[i], also);
	}
	fprintf(out, " --shard %s/%u --out ", part, batch->parts);
	batch_quote(out, batch->name, also);
	fprintf(out, ".parts/%s.jsonl", part);
}
