// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/git.h"

#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/msg.h"
#include "common/process.h"

static const char *const begin[] = {
	"env",
	"-u",
	"GIT_DIR",
	"-u",
	"GIT_WORK_TREE",
	"-u",
	"GIT_INDEX_FILE",
	"-u",
	"GIT_OBJECT_DIRECTORY",
	"-u",
	"GIT_COMMITTER_NAME",
	"-u",
	"GIT_COMMITTER_EMAIL",
	"-u",
	"GIT_COMMITTER_DATE",
	"git",
	"--no-optional-locks",
	"-c",
	"gc.auto=0",
};

#define NR_BEGIN (sizeof(begin) / sizeof(begin[0]))

int git_run(const char *dir, char **ret_out, const char *const words[])
{
	const char **argv;
	size_t nr = 0;
	int status;

	while (words[nr])
		nr++;
	argv = calloc(NR_BEGIN + nr + 1, sizeof(*argv));
	if (!argv)
		abort();
	memcpy(argv, begin, sizeof(begin));
	memcpy(argv + NR_BEGIN, words, nr * sizeof(*words));
	status = child_run(argv, dir, ret_out, NULL);
	free(argv);
	return status;
}

char *git_line(const char *dir, const char *const words[])
{
	char *out = NULL;

	if (git_run(dir, &out, words)) {
		free(out);
		return NULL;
	}
	out[strcspn(out, "\n")] = '\0';
	return out;
}

char *git_object(const char *dir, const char *word, const char *type)
{
	char *name = files_text("%s^{%s}", word, type), *object;
	const char *words[] = {"rev-parse", "--verify", "--quiet", "--end-of-options", name, NULL};

	object = git_line(dir, words);
	free(name);
	return object;
}

enum exit_status git_failed(const char *tree, int status, char *text)
{
	char *line = text ? text : "";

	if (status == CHILD_MISSING) {
		err("%s: a git tree, but git is not installed", tree);
		return EXIT_CANNOT_RUN;
	}
	if (!strncmp(line, "fatal: ", 7))
		line += 7;
	if (status != CHILD_INTERRUPTED)
		err("%s: git: %.*s", tree, (int)strcspn(line, "\n"), line);
	return EXIT_FAILED;
}
