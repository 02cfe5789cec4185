// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/killed.h"

#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/files.h"

#define LAST_S 60 /* no tool waits longer between two writes of a file */

typedef void visit(void *arg, const FTSENT *entry);

static void each_file(const char *folder, visit *see, void *arg)
{
	char *const roots[] = {(char *)folder, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	while (fts && (entry = fts_read(fts)))
		if (entry->fts_info == FTS_F)
			see(arg, entry);
	if (fts)
		fts_close(fts);
}

static void mend_git(void *arg, const FTSENT *entry)
{
	const char *end = strrchr(entry->fts_name, '.');

	(void)arg;
	if ((end && !strcmp(end, ".lock")) || !strncmp(entry->fts_name, "tmp_", 4))
		unlink(entry->fts_path);
}

void killed_git_mend(const char *git_dir)
{
	each_file(git_dir, mend_git, NULL);
}

/* There while make runs; it says since when. */
static char *mark_of(const char *out)
{
	return files_text("%s.building", out);
}

static void find_last(void *arg, const FTSENT *entry)
{
	time_t *last = arg;

	if (entry->fts_statp->st_mtime > *last)
		*last = entry->fts_statp->st_mtime;
}

static void remove_since(void *arg, const FTSENT *entry)
{
	const time_t *since = arg;

	if (entry->fts_statp->st_mtime >= *since)
		unlink(entry->fts_path);
}

bool killed_make_begin(const char *out)
{
	char *mark = mark_of(out);
	struct stat began;
	time_t since = 0;
	bool ok;

	if (!stat(mark, &began)) {
		each_file(out, find_last, &since);
		since = since - LAST_S > began.st_mtime ? since - LAST_S : began.st_mtime;
		each_file(out, remove_since, &since);
	}
	ok = files_write(mark, "", 0);
	free(mark);
	return ok;
}

void killed_make_end(const char *out)
{
	char *mark = mark_of(out);

	unlink(mark);
	free(mark);
}
