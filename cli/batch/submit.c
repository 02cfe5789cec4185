// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A script of Slurm's, submitted and followed.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/batch/follow.h"
#include "cli/measured.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/msg.h"

#define CANCEL "to cancel: scancel "

/* What a command says, malloc'ed, without its last newline; NULL, with a message, if it fails. */
static char *say(const char *command, int *ret_status)
{
	char *text = NULL;
	size_t room = 0;
	FILE *in = popen(command, "r");
	ssize_t len = in ? getdelim(&text, &room, '\0', in) : -1;
	int status = in ? pclose(in) : -1;

	*ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
	if (len < 0 && text)
		text[0] = '\0';
	for (; len > 0 && text[len - 1] == '\n'; len--)
		text[len - 1] = '\0';
	return text;
}

/* Jobs are told which faultbench it is, for they may not find one of their own. */
static void tell_program(void)
{
	char *path = realpath("/proc/self/exe", NULL);

	if (path)
		setenv("FAULTBENCH", path, 0);
	free(path);
}

static bool write_script(const struct batch *b, const char *path)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool ok;

	if (!out)
		abort();
	batch_slurm(out, b);
	fclose(out);
	ok = files_replace(path, text, size, BATCH_SLURM_MARK);
	free(text);
	return ok;
}

/* "12 13 14": numbers of jobs, alone. NULL if it is something else. */
static const char *ids_of(const char *said)
{
	const char *ids = said ? strstr(said, CANCEL) : NULL;

	ids = ids ? ids + strlen(CANCEL) : NULL;
	return ids && *ids && !ids[strspn(ids, "0123456789 ")] ? ids : NULL;
}

/* Jobs of ours that an earlier command has submitted here, malloc'ed; "": none. NULL: no Slurm. */
static char *find_jobs(const struct batch *b)
{
	char *command =
		files_text("squeue --noheader --me --name=faultbench-%s --format='%%F %%Z' | "
			   "awk -v here=\"$PWD\" '$2 == here { print $1 }' | sort -nu | "
			   "tr '\\n' ' '",
			   b->name);
	int status;
	char *ids;

	status = system("command -v sbatch squeue >/dev/null");
	ids = status == 0 ? say(command, &status) : NULL;
	free(command);
	return ids ? ids : (err("there is no Slurm here: sbatch and squeue are not found"), NULL);
}

/* The jobs' numbers, malloc'ed; NULL with a message printed. */
static char *submit(const struct batch *b, const char *path)
{
	char *command = files_text("bash %s", path), *said, *ids = NULL;
	int status;

	tell_program();
	said = say(command, &status);
	if (status == 0 && ids_of(said))
		ids = strdup(ids_of(said));
	else
		err("%s: could not be submitted; `bash %s` does the same", path, path);
	if (ids)
		unlink(b->out); /* as the last job will */
	if (ids)
		note("%s: submitted in %u parts: jobs %s", path, b->parts, ids);
	free(said);
	free(command);
	return ids;
}

/* What has come of it. */
static int judge(const struct batch *b, size_t missing)
{
	int status;

	if (access(b->out, F_OK)) {
		err("%s: was not made; %s.log and %s.parts/*.log say why", b->out, b->name,
		    b->name);
		return EXIT_FAILED;
	}
	status = measured_print(b->out);
	if (!missing)
		return status;
	err("%s: %zu runs are missing; %s.parts/*.log say why, and the same command does them",
	    b->out, missing, b->name);
	return EXIT_FAILED;
}

int batch_submit(const struct batch *b)
{
	char *path = files_text("%s.slurm", b->name), *ids = find_jobs(b);
	size_t missing = 0;
	int status = EXIT_CANNOT_RUN;

	if (ids && *ids) {
		note("%s: jobs %sof an earlier command are at it", b->out, ids);
	} else if (ids) {
		free(ids);
		status = EXIT_FAILED;
		ids = write_script(b, path) ? submit(b, path) : NULL;
	}
	if (ids && follow(b, ids, &missing, &status))
		status = judge(b, missing);
	free(ids);
	free(path);
	return status;
}
