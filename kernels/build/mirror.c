// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/mirror.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/files.h"
#include "common/map.h"
#include "common/msg.h"
#include "common/process.h"

/* For one thing found below a folder: its path from there. False ends the walk. */
typedef bool visit(void *arg, const FTSENT *entry, const char *below);

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Calls see for all below the folder, in a fixed order, folders before and, if late, after. */
static bool walk(const char *folder, bool late, visit *see, void *arg)
{
	char *const roots[] = {(char *)folder, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	bool ok = fts || err_errno("%s", folder);
	FTSENT *entry;

	while (ok && (entry = fts_read(fts))) {
		if (child_interrupted())
			ok = false;
		else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
			 entry->fts_info == FTS_NS)
			ok = err("%s: %s", entry->fts_path, strerror(entry->fts_errno));
		else if (entry->fts_level > 0 && (late || entry->fts_info != FTS_DP))
			ok = see(arg, entry, entry->fts_path + strlen(folder) + 1);
	}
	if (fts)
		fts_close(fts);
	return ok;
}

static bool list_one(void *arg, const FTSENT *entry, const char *below)
{
	const struct stat *st = entry->fts_statp;

	if (!S_ISDIR(st->st_mode))
		fprintf(arg, "%lld %lld.%09ld %o %s\n", (long long)st->st_size,
			(long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec, st->st_mode, below);
	return true;
}

bool mirror_list(const char *tree, const char *to)
{
	FILE *file = fopen(to, "we");
	bool ok;

	if (!file)
		return err_errno("%s: cannot be written", to);
	ok = walk(tree, false, list_one, file);
	if (ferror(file) | fclose(file))
		ok = err_errno("%s: cannot be written", to);
	return ok;
}

struct mirror {
	const char *tree, *to;
	bool fresh; /* nothing has been built from it yet, so files may keep their times */
};

/* Of two files of the same size. */
static bool same_content(const char *a, const char *b, off_t size)
{
	struct file_map one, two;
	bool same;

	if (!size)
		return true;
	if (!map_file(a, &one))
		return false;
	if (!map_file(b, &two)) {
		unmap_file(&one);
		return false;
	}
	same = one.len == two.len && !memcmp(one.data, two.data, one.len);
	unmap_file(&one);
	unmap_file(&two);
	return same;
}

static bool copy_link(const char *from, const char *to)
{
	char want[PATH_MAX] = "", is[PATH_MAX] = "";

	if (readlink(from, want, sizeof(want) - 1) < 0)
		return err_errno("%s", from);
	if (readlink(to, is, sizeof(is) - 1) > 0 && !strcmp(want, is))
		return true;
	if (unlink(to) && errno == EISDIR)
		files_remove(to);
	return !symlink(want, to) || err_errno("%s: cannot be made", to);
}

static bool same_time(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool copy_file(const struct mirror *m, const char *from, const struct stat *st,
		      const char *to)
{
	struct timespec times[2] = {st->st_atim, st->st_mtim};
	struct stat is;
	bool there = !lstat(to, &is);

	if (there && !S_ISREG(is.st_mode)) {
		files_remove(to);
		there = false;
	}
	if (there && is.st_size == st->st_size &&
	    (same_time(&is, st) || same_content(from, to, st->st_size)))
		return is.st_mode == st->st_mode || !chmod(to, st->st_mode & 0777) ||
		       err_errno("%s", to);
	if (!(st->st_size ? files_copy(from, to) : files_write(to, "", 0)))
		return false;
	if (chmod(to, (st->st_mode & 0777) | 0600) ||
	    (m->fresh && utimensat(AT_FDCWD, to, times, 0)))
		return err_errno("%s", to);
	return true;
}

static bool copy_one(void *arg, const FTSENT *entry, const char *below)
{
	const struct mirror *m = arg;
	char *to = files_text("%s/%s", m->to, below);
	bool ok = true;

	if (S_ISDIR(entry->fts_statp->st_mode)) {
		if (!files_is_dir(to))
			unlink(to);
		ok = files_make_dirs(to);
	} else if (S_ISLNK(entry->fts_statp->st_mode)) {
		ok = copy_link(entry->fts_path, to);
	} else if (S_ISREG(entry->fts_statp->st_mode)) {
		ok = copy_file(m, entry->fts_path, entry->fts_statp, to);
	}
	free(to);
	return ok;
}

/* What the tree has no longer. Folders come after what is in them. */
static bool remove_one(void *arg, const FTSENT *entry, const char *below)
{
	const struct mirror *m = arg;
	char *from = files_text("%s/%s", m->tree, below);
	struct stat st;

	if (lstat(from, &st) && errno == ENOENT && entry->fts_info != FTS_D)
		remove(entry->fts_path);
	free(from);
	return true;
}

bool mirror_update(const char *tree, const char *to)
{
	struct mirror m = {.tree = tree, .to = to, .fresh = access(to, F_OK)};

	return files_make_dirs(to) && walk(tree, false, copy_one, &m) &&
	       (m.fresh || walk(to, true, remove_one, &m));
}
