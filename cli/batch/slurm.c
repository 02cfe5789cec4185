// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "cli/batch/template.h"

/* What all parts wait for, a job each, which has a node for itself. */
static void put_first(FILE *out, const struct batch *b)
{
	char *text;
	size_t size, i;
	FILE *word;

	for (i = 0; i < b->first.nr; i++) {
		word = open_memstream(&text, &size);
		if (!word)
			abort();
		fprintf(word, "exec \"$FAULTBENCH\" %s", b->first.words[i]);
		fclose(word);
		fprintf(out,
			"\tid=$(sbatch --parsable --job-name=faultbench-%s --output=%s.first.log "
			"--open-mode=append \\\n\t\t--exclusive --wrap ",
			b->name, b->name);
		batch_quote(out, text, '\0');
		fputs(")\n\tfirst=$first:${id%%;*} ids=\"$ids ${id%%;*}\"\n", out);
		free(text);
	}
}

static void put_run(FILE *out, const struct batch *b)
{
	batch_run(out, b, "$SLURM_ARRAY_TASK_ID", '\0');
}

static const struct template_gap gaps[] = {{"first", put_first}, {"run", put_run}, {0}};

static const char script[] =
	"#!/bin/bash\n" BATCH_SLURM_MARK
	" Submit it with `bash THIS`, where a folder is that all nodes see:\n"
	"# an array of @parts@ tasks of a CPU each, and a job that collects when they have ended. "
	"The same\n"
	"# command again does what is missing. `scancel --name=faultbench-@name@` ends all of it.\n"
	"#SBATCH --job-name=faultbench-@name@\n"
	"#SBATCH --array=1-@parts@\n"
	"#SBATCH --cpus-per-task=1\n"
	"#SBATCH --output=@name@.parts/%a.log\n"
	"#SBATCH --open-mode=append\n"
	"#SBATCH --requeue\n"
	"set -eu\n"
	": \"${FAULTBENCH:=faultbench}\"\n"
	"export FAULTBENCH\n"
	"if [ -z \"${SLURM_ARRAY_TASK_ID-}\" ]; then\n"
	"\tmkdir -p @name@.parts\n"
	"\tfirst= ids=\n"
	"@first@"
	"\tid=$(sbatch --parsable ${first:+--dependency=afterok$first --kill-on-invalid-dep=yes} "
	"\"$0\")\n"
	"\tids=\"$ids ${id%%;*}\"\n"
	"\tid=$(sbatch --parsable --job-name=faultbench-@name@ --dependency=afterany:\"${id%%;*}\" "
	"\\\n"
	"\t\t--output=@name@.log --wrap 'rm -f @out@ && exec \"$FAULTBENCH\" collect @name@.parts "
	"--out "
	"@out@')\n"
	"\techo \"to cancel: scancel$ids ${id%%;*}\"\n"
	"\texit\n"
	"fi\n"
	"status=0\n"
	"\"$FAULTBENCH\" run --jobs 1@run@ || status=$?\n"
	"# Another node may have the memory, or the room on its disk, that this one has not.\n"
	"if [ $status = 75 ] && [ \"${SLURM_RESTART_COUNT:-0}\" -lt 3 ]; then\n"
	"\tscontrol requeue \"$SLURM_JOB_ID\"\n"
	"fi\n"
	"exit $status\n";

void batch_slurm(FILE *out, const struct batch *b)
{
	template_put(out, b, gaps, script);
}
