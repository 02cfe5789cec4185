// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/git.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/msg.h"
#include "common/process.h"

#define MOST_WORDS 1024

static const char *const without[] = {
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
	"-u",
	"GIT_EXTERNAL_DIFF",
	NULL,
};

/* Objects that a partial clone has left at its remote are fetched with programs of the config, too.
 */
static const char *const offline[] = {
	"GIT_ALLOW_PROTOCOL=none",
	NULL,
};

/* A user's own config, and the machine's. */
static const char *const plain[] = {
	"GIT_CONFIG_GLOBAL=/dev/null",
	"GIT_CONFIG_NOSYSTEM=1",
	NULL,
};

/* What a repository's config could name that is run by what we do there. */
static const char *const harmless[] = {
	"git",
	"--no-optional-locks",
	"--no-pager",
	"-c",
	"gc.auto=0",
	"-c",
	"core.fsmonitor=false",
	"-c",
	"core.hooksPath=/dev/null",
	"-c",
	"log.showSignature=false",
	"-c",
	"commit.gpgSign=false",
	NULL,
};

struct command {
	const char *argv[MOST_WORDS];
	size_t nr;
	json_t *texts; /* words that were made for it */
};

static void add(struct command *c, const char *const words[])
{
	for (; *words && c->nr + 1 < MOST_WORDS; words++)
		c->argv[c->nr++] = *words;
}

int git_run(const char *dir, char **ret_out, const char *const words[])
{
	struct command c = {.nr = 0};

	add(&c, without);
	add(&c, offline);
	add(&c, harmless);
	add(&c, words);
	return child_run(c.argv, dir, ret_out, NULL);
}

int git_run_online(const char *dir, char **ret_out, const char *const words[])
{
	struct command c = {.nr = 0};

	add(&c, without);
	add(&c, harmless);
	add(&c, words);
	return child_run(c.argv, dir, ret_out, NULL);
}

int git_run_plain(const char *in, const char *dir, char **ret_out, const char *const words[])
{
	struct command c = {.nr = 0};

	add(&c, without);
	add(&c, offline);
	add(&c, plain);
	add(&c, harmless);
	add(&c, words);
	return child_run_on(in ? in : "/dev/null", c.argv, dir, ret_out, NULL);
}

/* Adds a word, which the command keeps. */
static void add_text(struct command *c, char *word)
{
	json_array_append_new(c->texts, json_string(word));
	free(word);
	if (c->nr + 1 < MOST_WORDS)
		c->argv[c->nr++] =
			json_string_value(json_array_get(c->texts, json_array_size(c->texts) - 1));
}

/* Makes the filters of the config in dir do nothing; -c would not do, for a name may have a '='. */
static void add_no_filters(struct command *c, const char *dir)
{
	const char *words[] = {"config", "--name-only", "--get-regexp", "^filter\\.", NULL};
	char *out = NULL, *rest, *line;
	int nr = 0;

	if (!git_run(dir, &out, words))
		for (rest = out; (line = strsep(&rest, "\n")) && *line; nr++) {
			add_text(c, files_text("GIT_CONFIG_KEY_%d=%s", nr, line));
			add_text(c, files_text("GIT_CONFIG_VALUE_%d=%s", nr,
					       strstr(line, ".required") ? "false" : ""));
		}
	add_text(c, files_text("GIT_CONFIG_COUNT=%d", nr));
	free(out);
}

int git_run_unfiltered(const char *dir, char **ret_out, const char *const words[])
{
	struct command c = {.texts = json_array()};
	int status;

	add(&c, without);
	add(&c, offline);
	add_no_filters(&c, dir);
	add(&c, harmless);
	add(&c, words);
	status = child_run(c.argv, dir, ret_out, NULL);
	json_decref(c.texts);
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
	char *line = text && *text ? text : "it fails, and does not say why";

	if (status == CHILD_MISSING) {
		err("%s: git is not installed, which this needs", tree);
		return EXIT_CANNOT_RUN;
	}
	if (!strncmp(line, "fatal: ", 7))
		line += 7;
	if (status != CHILD_INTERRUPTED)
		err("%s: git: %.*s", tree, (int)strcspn(line, "\n"), line);
	return EXIT_FAILED;
}
