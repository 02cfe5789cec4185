// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/series/series.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/clean.h"
#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/build/git.h"
#include "kernels/build/source.h"
#include "kernels/series/apply.h"
#include "kernels/series/posting.h"

#define HASH_LEN 12 /* of a commit, in messages */

static void add_patch(struct series *s, const char *commit, const char *subject)
{
	struct series_patch *more = realloc(s->patch, (s->nr + 1) * sizeof(*more));

	if (!more)
		abort();
	s->patch = more;
	more[s->nr++] = (struct series_patch){files_text("%s", commit), clean_text(subject)};
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

/* --- a posting ---------------------------------------------------------------------------------
 */

/* The commit that mails name, if none was asked for; NULL with a message. */
static char *base_of(const char *tree, const struct posting *p, const char *patches)
{
	char *git_dir = files_if_there("%s/.git", tree), *bare = files_if_there("%s/objects", tree);
	bool is_git = git_dir || bare;
	char *commit;

	free(git_dir);
	free(bare);
	if (!p->base) {
		err("%s: names no base-commit: say --base", patches);
		return NULL;
	}
	if (!is_git) /* which source_open() says */
		return files_text("%s", p->base);
	commit = git_object(tree, p->base, "commit");
	if (!commit && !child_interrupted())
		err("%s: was made on %.*s (its base-commit), which %s does not have: git fetch it, "
		    "or "
		    "say --base",
		    patches, HASH_LEN, p->base, tree);
	return commit;
}

/* In what the base is not the one that the mails name. */
static void say_base(const struct build_source *source, const struct posting *p,
		     const char *patches)
{
	char *there = p->base ? git_object(source->tree, p->base, "commit") : NULL;

	if (p->base && strcmp(p->base, source->commit))
		note("%s: was made on %.*s (its base-commit)%s; it is applied on %s", patches,
		     HASH_LEN, p->base, there ? "" : ", which the tree does not have", source->rev);
	if (p->prerequisites)
		note("%s: needs %zu patch%s before it that %s not in it (prerequisite-patch-id): "
		     "%s "
		     "has to have %s",
		     patches, p->prerequisites, p->prerequisites == 1 ? "" : "es",
		     p->prerequisites == 1 ? "is" : "are", source->rev,
		     p->prerequisites == 1 ? "it" : "them");
	free(there);
}

/* source: the base, open. */
static enum exit_status apply(struct series *s, const struct build_source *source,
			      const struct posting *p)
{
	enum exit_status rc = source_export(source);
	char *commit;
	size_t i;

	if (!rc)
		rc = add_log(s, source->src, source->commit, true);
	for (i = 0; i < p->nr && !rc; i++) {
		rc = apply_patch(source, p, i, &commit);
		if (rc)
			break;
		add_patch(s, commit, p->patch[i]->subject);
		free(commit);
	}
	return rc;
}

static enum exit_status apply_on(struct series *s, const char *tree, const char *base,
				 const struct posting *p, const char *patches)
{
	struct build_source source = {.lock = -1};
	enum exit_status rc = source_open(tree, base, &source);

	if (!rc && !source.commit) {
		err("%s: is no git tree, so patches cannot be applied", source.tree);
		rc = EXIT_USAGE;
	}
	if (!rc) {
		say_base(&source, p, patches);
		rc = apply(s, &source, p);
	}
	source_close(&source);
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
	struct posting posting = {0};
	struct series s = {0};
	enum exit_status rc;
	char *commit = NULL;

	child_catch_signals();
	rc = posting_read(patches, &posting);
	if (!rc && !base) {
		base = commit = base_of(tree, &posting, patches);
		rc = commit ? EXIT_OK : EXIT_USAGE;
	}
	if (!rc)
		rc = apply_on(&s, tree, base, &posting, patches);
	if (!rc && posting.title)
		s.title = clean_text(posting.title);
	free(commit);
	posting_free(&posting);
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
	free(s->title);
	*s = (struct series){0};
}
