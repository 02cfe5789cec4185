// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/series.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/build/git.h"
#include "kernels/build/source.h"

#define MOST_FILES 512 /* patches of a folder */
#define HASH_LEN   12  /* of a commit, in messages */

static void add_patch(struct series *s, const char *commit, const char *subject)
{
	struct series_patch *more = realloc(s->patch, (s->nr + 1) * sizeof(*more));

	if (!more)
		abort();
	s->patch = more;
	more[s->nr++] = (struct series_patch){files_text("%s", commit), files_text("%s", subject)};
}

/* Adds the commits that git log prints for the words. */
static enum exit_status add_log(struct series *s, const char *dir, const char *what, bool one)
{
	const char *words[] = {"log",
			       "--reverse",
			       "--format=%H%x09%s",
			       one ? "-1" : "--topo-order",
			       "--end-of-options",
			       what,
			       NULL};
	char *out = NULL, *line, *next, *subject;
	int status = git_run(dir, &out, words);
	enum exit_status rc = status ? git_failed(dir, status, out) : EXIT_OK;

	for (line = out; !rc && line && *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		subject = strchr(line, '\t');
		if (!subject)
			continue;
		*subject++ = '\0';
		add_patch(s, line, subject);
	}
	free(out);
	return rc;
}

/* The commit that a word names, malloc'ed; NULL with a message. */
static char *commit_of(const char *tree, const char *word)
{
	char *commit = git_object(tree, word, "commit");

	if (!commit && !child_interrupted())
		err("%s: has no commit '%s'", tree, word);
	return commit;
}

static bool has_merge(const char *tree, const char *range)
{
	const char *words[] = {"rev-list", "--merges", "-1", range, NULL};
	char *merge = git_line(tree, words);
	bool has = merge && *merge;

	if (has)
		err("%s: %s has a merge in it (%.*s): a series is a line of commits; git rebase "
		    "makes it one",
		    tree, range, HASH_LEN, merge);
	free(merge);
	return has;
}

/* Where top left from; says so if that is elsewhere. NULL with a message. */
static char *find_base(const char *tree, const char *from, const char *from_name, const char *top,
		       const char *top_name)
{
	const char *words[] = {"merge-base", from, top, NULL};
	char *base = git_line(tree, words);

	if (!base && !child_interrupted()) {
		err("%s: the two ends of the range have nothing in common", tree);
	} else if (base && strcmp(base, from) && !strcmp(base, top)) {
		err("--range %s..%s: the wrong way round, for %s is an ancestor of %s: --range "
		    "%s..%s",
		    from_name, top_name, top_name, from_name, top_name, from_name);
		free(base);
		base = NULL;
	} else if (base && strcmp(base, from)) {
		note("%s: the series left %s at %.*s, which is its base", tree, from_name, HASH_LEN,
		     base);
	}
	return base;
}

/* From and top are commits. */
static enum exit_status add_range(struct series *s, const char *tree, const char *from,
				  const char *from_name, const char *top, const char *top_name)
{
	char *base = find_base(tree, from, from_name, top, top_name);
	char *range = files_text("%s..%s", base ? base : "", top);
	enum exit_status rc = base && !has_merge(tree, range) ? EXIT_OK : EXIT_USAGE;

	if (!rc)
		rc = add_log(s, tree, base, true);
	if (!rc)
		rc = add_log(s, tree, range, false);
	if (!rc && s->nr < 2) {
		err("%s: no commit between %s and %.*s", tree, from_name, HASH_LEN, top);
		rc = EXIT_USAGE;
	}
	free(range);
	free(base);
	return rc;
}

static enum exit_status read_range(struct series *s, const char *tree, const char *range)
{
	const char *dots = strstr(range, ".."), *top_name = dots ? dots + 2 : NULL;
	char *from_name, *from, *top = NULL;
	enum exit_status rc = EXIT_USAGE;

	if (!dots || dots == range || *top_name == '.') {
		err("--range %s: must be BASE..TOP", range);
		return EXIT_USAGE;
	}
	from_name = files_text("%.*s", (int)(dots - range), range);
	from = commit_of(tree, from_name);
	if (!*top_name)
		top_name = "HEAD";
	if (from)
		top = commit_of(tree, top_name);
	if (top)
		rc = add_range(s, tree, from, from_name, top, top_name);
	free(from_name);
	free(from);
	free(top);
	return rc;
}

/* The files to apply, [path]; NULL with a message. */
static json_t *patch_files(const char *path)
{
	json_t *all = files_is_dir(path) ? files_in(path) : json_pack("[s]", path), *file;
	json_t *some = json_array();
	const char *name;
	size_t i;

	json_array_foreach(all, i, file) {
		name = json_string_value(file);
		if (!files_is_dir(path) ||
		    (strlen(name) > 6 && !strcmp(name + strlen(name) - 6, ".patch") &&
		     !strstr(name, "cover-letter")))
			json_array_append(some, file);
	}
	json_decref(all);
	if (json_array_size(some) && json_array_size(some) <= MOST_FILES)
		return some;
	err("%s: %zu patches in it (*.patch); 1 to %d can be applied", path, json_array_size(some),
	    MOST_FILES);
	json_decref(some);
	return NULL;
}

/* The line of git am's notes that begins so, or "". */
static char *note_of(const struct build_source *source, const char *file, const char *begin)
{
	char *path = files_text("%s/.git/rebase-apply/%s", source->src, file);
	char *text = io_read_file(path), *line = text ? strstr(text, begin) : NULL, *found;

	line = line ? line + strlen(begin) : "";
	found = files_text("%.*s", (int)strcspn(line, "\n"), line);
	free(text);
	free(path);
	return found;
}

/* "0003-x.patch: patch 3 (its subject) does not apply on v6.12: patch failed: mm/memory.c:3" */
static void say_conflict(const struct build_source *source, const char *patches, char *text)
{
	char *subject = note_of(source, "info", "Subject: "), *nr = note_of(source, "next", "");
	char *line = text ? text : "";

	if (!strncmp(line, "error: ", 7) || !strncmp(line, "fatal: ", 7))
		line += 7;
	if (*subject)
		err("%s: patch %s (%s) does not apply on %s: %.*s", patches, nr, subject,
		    source->rev, (int)strcspn(line, "\n"), line);
	else
		err("%s: git am: %.*s", patches, (int)strcspn(line, "\n"), line);
	free(subject);
	free(nr);
}

/* What an am that did not end has left. */
static void forget_am(const struct build_source *source)
{
	char *path = files_text("%s/.git/rebase-apply", source->src);

	files_remove(path);
	free(path);
}

/* In the export, at the base. Committer and date are fixed, so that commits repeat. */
static enum exit_status run_am(const struct build_source *source, const char *patches,
			       const json_t *files)
{
	const char *words[MOST_FILES + 20] = {"-c",
					      "user.name=faultbench",
					      "-c",
					      "user.email=faultbench@localhost",
					      "-c",
					      "commit.gpgSign=false",
					      "-c",
					      "core.hooksPath=/dev/null",
					      "-c",
					      "core.autocrlf=false",
					      "am",
					      "-q",
					      "--committer-date-is-author-date"};
	enum exit_status rc = EXIT_OK;
	size_t nr = 13, i;
	char *out = NULL;
	json_t *file;
	int status;

	json_array_foreach(files, i, file) {
		words[nr++] = json_string_value(file);
	}
	status = git_run(source->src, &out, words);
	if (status == CHILD_MISSING) {
		rc = git_failed(patches, status, out);
	} else if (status) {
		if (status != CHILD_INTERRUPTED)
			say_conflict(source, patches, out);
		rc = EXIT_USAGE;
	}
	forget_am(source);
	free(out);
	return rc;
}

/* source: the base, open. */
static enum exit_status apply(struct series *s, const struct build_source *source,
			      const char *patches)
{
	json_t *files = source->commit ? patch_files(patches) : NULL;
	enum exit_status rc = EXIT_USAGE;
	char *range = NULL;

	if (!source->commit)
		err("%s: is no git tree, so patches cannot be applied", source->tree);
	if (files)
		rc = source_export(source);
	if (!rc) {
		forget_am(source);
		rc = run_am(source, patches, files);
	}
	range = rc ? NULL : files_text("%s..HEAD", source->commit);
	if (!rc)
		rc = add_log(s, source->src, source->commit, true);
	if (!rc)
		rc = add_log(s, source->src, range, false);
	free(range);
	json_decref(files);
	return rc;
}

/* Takes down what was caught; *ret is s, or nothing if rc says so. */
static enum exit_status leave(enum exit_status rc, struct series *s, struct series *ret)
{
	int sig = child_release_signals();

	if (rc)
		series_free(s);
	*ret = *s;
	if (sig)
		raise(sig);
	return rc;
}

static char *absolute(const char *path)
{
	char *real = realpath(path, NULL);

	if (!real)
		err_errno("%s", path);
	return real;
}

enum exit_status series_range(const char *tree, const char *range, struct series *ret)
{
	char *path = absolute(tree), *git_dir = path ? files_if_there("%s/.git", path) : NULL;
	char *objects = path ? files_if_there("%s/objects", path) : NULL;
	enum exit_status rc = EXIT_USAGE;
	struct series s = {0};

	child_catch_signals();
	if (path && !git_dir && !objects)
		err("%s: is no git tree, so there is no range in it", path);
	else if (path)
		rc = read_range(&s, path, range);
	free(objects);
	free(git_dir);
	free(path);
	return leave(rc, &s, ret);
}

enum exit_status series_apply(const char *tree, const char *base, const char *patches,
			      struct series *ret)
{
	struct build_source source = {.lock = -1};
	char *path = absolute(patches);
	enum exit_status rc = EXIT_USAGE;
	struct series s = {0};

	child_catch_signals();
	if (path)
		rc = source_open(tree, base, &source);
	if (path && !rc) {
		rc = apply(&s, &source, path);
		source_close(&source);
	}
	free(path);
	return leave(rc, &s, ret);
}

void series_free(struct series *s)
{
	size_t i;

	for (i = 0; i < s->nr; i++) {
		free(s->patch[i].commit);
		free(s->patch[i].subject);
	}
	free(s->patch);
	*s = (struct series){0};
}
