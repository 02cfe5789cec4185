// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/sums.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"

#define SUMS	"SHA256SUMS"
#define SUM_LEN 64 /* characters of a checksum; two blanks follow */

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Hidden files are those of this list while it is written. */
static bool is_listed(const FTSENT *entry)
{
	return entry->fts_level > 0 && entry->fts_info != FTS_D && entry->fts_info != FTS_DP &&
	       *entry->fts_name != '.' && strcmp(entry->fts_name, SUMS);
}

/* The list of what is there now, malloc'ed; NULL with a message printed. */
static char *make(const char *folder)
{
	char *const roots[] = {(char *)folder, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	char *text = NULL, *sum;
	FTSENT *entry;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool ok = fts && out;

	while (ok && (entry = fts_read(fts))) {
		if (!is_listed(entry))
			continue;
		sum = entry->fts_info == FTS_F ? files_sha256(entry->fts_path) : NULL;
		ok = sum || err("%s: cannot be read, or is no file", entry->fts_path);
		fprintf(out, "%s  %s\n", sum ? sum : "", entry->fts_path + strlen(folder) + 1);
		free(sum);
	}
	if (fts)
		fts_close(fts);
	if (out)
		fclose(out);
	if (!ok) {
		free(text);
		text = NULL;
	}
	return text;
}

/* Whether a line is of a file that only describes the others. */
static bool describes(const char *line, size_t len)
{
	static const char *const names[] = {"kernel.json", "objects", "vmlinux"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (len == SUM_LEN + 2 + strlen(names[i]) &&
		    !strncmp(line + SUM_LEN + 2, names[i], strlen(names[i])))
			return true;
	return false;
}

char *sums_content(const char *sums)
{
	char *text = NULL;
	const char *line;
	size_t size, len;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (line = sums; *line; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		if (!describes(line, len))
			fprintf(out, "%.*s\n", (int)len, line);
	}
	fclose(out);
	return text;
}

static bool put(const char *folder, const char *text)
{
	char *path = files_text("%s/" SUMS, folder);
	char *temporary = files_text("%s/." SUMS "-%d", folder, getpid());
	bool ok = files_write(temporary, text, strlen(text)) &&
		  (!rename(temporary, path) || err_errno("%s: cannot be made", path));

	free(temporary);
	free(path);
	return ok;
}

bool sums_write(const char *folder)
{
	char *text = make(folder);
	bool ok = text && put(folder, text);

	free(text);
	return ok;
}

char *sums_read(const char *folder)
{
	char *read = io_read_filef("%s/" SUMS, folder), *text = NULL;

	if (read) {
		text = files_text("%s\n", read); /* reading dropped it */
	} else if (errno == ENOENT) {
		text = make(folder);
		if (text && !access(folder, W_OK))
			put(folder, text);
	} else {
		err_errno("%s/" SUMS, folder);
	}
	free(read);
	return text;
}

/* The name in the first line of one list that the other does not have; malloc'ed, or NULL. */
static char *first_other(const char *list, const char *other)
{
	const char *line, *at;
	size_t len;

	for (line = list; *line; line += len + 1) {
		len = strcspn(line, "\n");
		at = memmem(other, strlen(other), line, len + 1);
		if (!at || (at > other && at[-1] != '\n'))
			return files_text("%.*s", (int)(len > SUM_LEN + 2 ? len - SUM_LEN - 2 : 0),
					  line + SUM_LEN + 2);
	}
	return NULL;
}

char *sums_changed(const char *folder, const char *sums)
{
	char *now = make(folder), *name, *words = NULL;

	if (!now)
		return files_text("it cannot be read");
	name = first_other(sums, now);
	if (!name)
		name = first_other(now, sums);
	if (name)
		words = files_text("%s is not what was put there", name);
	free(name);
	free(now);
	return words;
}

bool sums_are_kept(const char *folder)
{
	char *sums = sums_read(folder), *changed = sums ? sums_changed(folder, sums) : NULL;
	bool kept = sums && !changed;

	free(changed);
	free(sums);
	return kept;
}
