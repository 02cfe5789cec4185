// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/batch/batch.h"

#include <string.h>

const struct batch_engine batch_engines[] = {
	{"make", "a Makefile: make -j4 -f FILE; what was cut off goes on when it is given again",
	 batch_make},
	{"slurm", "a script that submits itself: an array of parts, and what collects them",
	 batch_slurm},
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

void batch_make(FILE *out, const struct batch *b)
{
	unsigned int i;

	fputs("# A plan in parts, as many at a time as -j says: make -j2 -f THIS\n"
	      "# Parts on other machines: faultbench run with --shard I/N there, and collect.\n"
	      "FAULTBENCH ?= faultbench\n",
	      out);
	fprintf(out, "\n%s: ", b->out);
	for (i = 1; i <= b->parts; i++)
		fprintf(out, "%s.parts/%u.done ", b->name, i);
	fprintf(out, "\n\trm -f $@\n\t$(FAULTBENCH) collect %s.parts --out $@\n", b->name);
	/* A part that is begun again has its journal; a mark says that it is whole. */
	fprintf(out, "\n%s.parts/%%.done:\n\tmkdir -p %s.parts\n\t$(FAULTBENCH) run --jobs 1",
		b->name, b->name);
	batch_run(out, b, "$*", '$');
	fputs("\n\ttouch $@\n", out);
}

void batch_slurm(FILE *out, const struct batch *b)
{
	fprintf(out,
		"#!/bin/bash\n"
		"# A plan in parts on a cluster. Submit it with `bash THIS`, where a folder is "
		"that all nodes see:\n"
		"# an array of %u tasks of a CPU each, and a job that collects when they have "
		"ended. The same\n"
		"# command again does what is missing. `scancel --name=faultbench-%s` ends all of "
		"it.\n"
		"#SBATCH --job-name=faultbench-%s\n"
		"#SBATCH --array=1-%u\n"
		"#SBATCH --cpus-per-task=1\n"
		"#SBATCH --output=%s.parts/%%a.log\n"
		"#SBATCH --open-mode=append\n"
		"#SBATCH --requeue\n"
		"set -eu\n"
		": \"${FAULTBENCH:=faultbench}\"\n"
		"export FAULTBENCH\n"
		"if [ -z \"${SLURM_ARRAY_TASK_ID-}\" ]; then\n"
		"\tmkdir -p %s.parts\n"
		"\tid=$(sbatch --parsable \"$0\")\n"
		"\tsbatch --job-name=faultbench-%s --dependency=afterany:\"${id%%%%;*}\" "
		"--output=%s.log \\\n"
		"\t\t--wrap 'rm -f %s && exec \"$FAULTBENCH\" collect %s.parts --out %s'\n"
		"\texit\n"
		"fi\n"
		"exec \"$FAULTBENCH\" run --jobs 1",
		b->parts, b->name, b->name, b->parts, b->name, b->name, b->name, b->name, b->out,
		b->name, b->out);
	batch_run(out, b, "$SLURM_ARRAY_TASK_ID", '\0');
	fputc('\n', out);
}
