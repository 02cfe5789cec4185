// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/source.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/files.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/build/git.h"
#include "kernels/build/killed.h"
#include "kernels/build/mirror.h"
#include "kernels/cache_dir.h"
#include "kernels/fetch/parts.h"

/* Refuses a tree of whose files git names any; the name is in a line behind so many bytes. */
static enum exit_status check_none(const struct build_source *s, const char *const words[],
				   size_t before)
{
	char *out = NULL, *name;
	int status = git_run_unfiltered(s->tree, &out, words), rc = EXIT_OK;

	if (status) {
		rc = git_failed(s->tree, status, out);
	} else if (*out) {
		name = out + before;
		err("%s: has changes that are not committed (%.*s ...): commit them, or say --rev "
		    "HEAD to build without them",
		    s->tree, (int)strcspn(name, "\n"), name);
		rc = EXIT_USAGE;
	}
	free(out);
	return rc;
}

/*
 * Builds of what is not committed could not be told apart later. New files are changes if make
 * would take them for source: notes and patches lie in many trees.
 */
static enum exit_status check_clean(const struct build_source *s)
{
	const char *changed[] = {"status", "--porcelain", "-uno", "--ignore-submodules=all", NULL};
	const char *added[] = {"ls-files", "--others",	"--exclude-standard",
			       "--",	   "*.[chS]",	"*.dts",
			       "*.dtsi",   "*.rs",	"*Makefile",
			       "*Kbuild",  "*Kconfig*", NULL};
	enum exit_status rc = check_none(s, changed, 3);

	return rc ? rc : check_none(s, added, 0);
}

/* The commits of series_apply() are in the export only, where nothing else has a name. */
static bool is_hash(const char *rev)
{
	return strlen(rev) == 40 && strspn(rev, "0123456789abcdef") == 40;
}

static enum exit_status find_commit(struct build_source *s)
{
	const char *shallow[] = {"rev-parse", "--is-shallow-repository", NULL};
	char *is_shallow, *tree;
	const char *dir = s->tree;

	s->commit = git_object(dir, s->rev, "commit");
	if (!s->commit && is_hash(s->rev) && !access(s->src, F_OK))
		s->commit = git_object(dir = s->src, s->rev, "commit");
	if (child_interrupted())
		return EXIT_FAILED;
	if (!s->commit) {
		is_shallow = git_line(s->tree, shallow);
		err("%s: has no commit '%s'%s", s->tree, s->rev,
		    is_shallow && !strcmp(is_shallow, "true")
			    ? "; it is a shallow clone: git fetch --unshallow"
			    : "");
		free(is_shallow);
		return EXIT_USAGE;
	}
	tree = git_object(dir, s->commit, "tree");
	if (tree)
		s->state = files_text("git:%s", tree);
	free(tree);
	return s->state ? EXIT_OK : EXIT_FAILED;
}

static enum exit_status open_git(struct build_source *s, const char *rev, bool bare)
{
	const char *words[] = {"rev-parse", "--git-dir", NULL};
	char *out = NULL;
	enum exit_status rc = EXIT_OK;
	int status = git_run(s->tree, &out, words);

	if (status)
		rc = git_failed(s->tree, status, out);
	free(out);
	s->rev = files_text("%s", rev ? rev : "HEAD");
	if (!rc)
		rc = find_commit(s);
	if (!rc && !rev && !bare)
		rc = check_clean(s);
	return rc;
}

/* A folder that was built in would be built from its old objects. */
static enum exit_status open_folder(struct build_source *s, const char *rev)
{
	char *built = files_if_there("%s/.config", s->tree);
	char *list = files_text("%s/files", s->dir), *sum = NULL;
	enum exit_status rc = EXIT_USAGE;

	if (!built)
		built = files_if_there("%s/include/config", s->tree);
	if (rev)
		err("%s: is no git tree, so there is no --rev '%s'", s->tree, rev);
	else if (built)
		err("%s: has been built in (%s): `make mrproper` there first", s->tree, built);
	else if (!mirror_list(s->tree, list) || !(sum = files_sha256(list)))
		rc = EXIT_FAILED;
	if (sum) {
		s->state = files_text("files:%s", sum);
		rc = EXIT_OK;
	}
	free(sum);
	free(list);
	free(built);
	return rc;
}

/* FNV-1a: only to tell trees of the same name apart. */
static uint32_t hash_of(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

/* The tree's folder in the cache. Its name must suit make, which dislikes blanks and colons. */
static char *dir_of(const char *tree)
{
	char *base = cache_build_dir(), *dir, *c;

	if (!base)
		return NULL;
	dir = files_text("%s/%s-%08x", base, strrchr(tree, '/') + 1, hash_of(tree));
	for (c = dir + strlen(base) + 1; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._+-", *c))
			*c = '_';
	free(base);
	return dir;
}

static bool take_lock(struct build_source *s)
{
	char *path = files_text("%s/lock", s->dir);

	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (s->lock < 0)
		err_errno("%s", path);
	free(path);
	if (s->lock < 0)
		return false;
	if (!flock(s->lock, LOCK_EX | LOCK_NB))
		return true;
	note("%s: waiting for another build of this tree", s->tree);
	return !flock(s->lock, LOCK_EX) || child_interrupted() || err_errno("%s", s->dir);
}

/* What a git tree has checked out does not matter, so it may be a bare repository. */
static enum exit_status look_at(struct build_source *s, const char *rev)
{
	char *makefile = files_if_there("%s/Makefile", s->tree);
	char *kconfig = files_if_there("%s/Kconfig", s->tree);
	char *git_dir = files_if_there("%s/.git", s->tree);
	char *bare = files_if_there("%s/objects", s->tree);
	enum exit_status rc = EXIT_USAGE;

	if (git_dir || (bare && !makefile))
		rc = open_git(s, rev, !git_dir);
	else if (!makefile || !kconfig)
		err("%s: no kernel source: there is no %s in it", s->tree,
		    makefile ? "Kconfig" : "Makefile");
	else
		rc = open_folder(s, rev);
	free(makefile);
	free(kconfig);
	free(git_dir);
	free(bare);
	return rc;
}

enum exit_status source_open(const char *tree, const char *rev, struct build_source *ret)
{
	struct build_source s = {.lock = -1};
	enum exit_status rc = EXIT_FAILED;
	char real[PATH_MAX];

	if (!realpath(tree, real) || !files_is_dir(real)) {
		err("%s: is no folder", tree);
		return EXIT_USAGE;
	}
	s.tree = files_text("%s", real);
	s.dir = dir_of(real);
	if (s.dir && files_make_dirs(s.dir) && take_lock(&s)) {
		s.src = files_text("%s/src", s.dir);
		rc = child_interrupted() ? EXIT_FAILED : look_at(&s, rev);
	}
	if (rc)
		source_close(&s);
	else
		*ret = s;
	return rc;
}

char *source_folder(const char *tree)
{
	char *real = realpath(tree, NULL), *dir = NULL;

	if (real)
		dir = dir_of(real);
	else
		err_errno("%s", tree);
	free(real);
	return dir;
}

void source_close(struct build_source *s)
{
	if (s->lock >= 0)
		close(s->lock);
	free(s->tree);
	free(s->rev);
	free(s->commit);
	free(s->state);
	free(s->dir);
	free(s->src);
	*s = (struct build_source){.lock = -1};
}

/*
 * The export is a repository of its own that reads the tree's objects: nothing is written into the
 * tree's, not even the note that `git worktree` leaves, and shallow clones do as well.
 */
static bool borrow_objects(const struct build_source *s)
{
	const char *objects[] = {"rev-parse", "--path-format=absolute", "--git-path", "objects",
				 NULL};
	const char *init[] = {"init", "-q", "--template=", s->src, NULL};
	char *from = git_line(s->tree, objects), *line = from ? files_text("%s\n", from) : NULL;
	char *path = files_text("%s/.git/objects/info/alternates", s->src);
	char *git_dir = files_text("%s/.git", s->src);
	bool ok;

	killed_git_mend(git_dir); /* we hold the lock that counts */
	ok = line && !git_run(s->dir, NULL, init) && files_make_above(path) &&
	     files_write(path, line, strlen(line));
	free(git_dir);
	free(path);
	free(line);
	free(from);
	return ok;
}

/*
 * A partial clone has left the files of most commits at its remote. The export fetches what it
 * needs from there, into itself, and is told no more of the remote than its URL.
 */
static bool borrow_remote(const struct build_source *s)
{
	const char *which[] = {"config", "--name-only", "--get-regexp", "^remote\\..*\\.promisor$",
			       NULL};
	char *key = git_line(s->tree, which);
	char *name = key ? files_text("%.*s", (int)(strrchr(key, '.') - key) - 7, key + 7) : NULL;
	const char *where[] = {"remote", "get-url", name, NULL};
	char *url = name ? git_line(s->tree, where) : NULL;
	const char *settings[][2] = {{"remote.tree.url", url},
				     {"remote.tree.promisor", "true"},
				     {"remote.tree.partialclonefilter", "blob:none"},
				     {"extensions.partialClone", "tree"},
				     {"core.repositoryFormatVersion", "1"}};
	bool ok = true;
	size_t i;

	for (i = 0; url && ok && i < sizeof(settings) / sizeof(settings[0]); i++) {
		const char *set[] = {"config", settings[i][0], settings[i][1], NULL};

		ok = !git_run(s->src, NULL, set);
	}
	free(url);
	free(name);
	free(key);
	return ok;
}

static enum exit_status export_git(const struct build_source *s)
{
	const char *checkout[] = {"-c",	      "advice.detachedHead=false",
				  "-c",	      "core.autocrlf=false",
				  "-c",	      "core.eol=lf",
				  "checkout", "-q",
				  "-f",	      "--detach",
				  s->commit,  NULL};
	const char *clean[] = {"clean", "-fdxq", NULL};
	enum exit_status rc = EXIT_OK;
	char *out = NULL;
	int status;

	if (!borrow_objects(s) || !borrow_remote(s)) {
		if (!child_interrupted())
			err("%s: git cannot make a repository there", s->src);
		return EXIT_FAILED;
	}
	status = git_run_online(s->src, &out, checkout);
	if (!status)
		status = git_run(s->src, NULL, clean);
	if (status)
		rc = git_failed(s->src, status, out);
	free(out);
	return rc;
}

enum exit_status source_export(const struct build_source *s)
{
	if (access(s->src, F_OK))
		note("%s: exporting it into %s", s->tree, s->src);
	if (s->commit)
		return export_git(s);
	return mirror_update(s->tree, s->src) ? EXIT_OK : EXIT_FAILED;
}
