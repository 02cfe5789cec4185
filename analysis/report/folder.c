// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/report/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"

#define SUMS	  "SHA256SUMS"
#define MARK	  "# The files of a faultbench report; sha256sum -c " SUMS " checks them.\n"
#define JOURNALS  "journals"
#define STAGE	  ".faultbench-report-"
#define MOST_NAME 80 /* characters of a journal's name that are kept */

/* A file that a report can have, so that none of others is removed, whatever a list says. */
static bool is_ours(const char *name)
{
	if (!strncmp(name, "journals/", 9))
		return !strchr(name + 9, '/') && name[9] != '.';
	return !strcmp(name, "report.txt") || !strcmp(name, "index.html") ||
	       (!strncmp(name, "plot-", 5) && !strchr(name, '/'));
}

/* {name: checksum} of the earlier report in there, or NULL if there is none. */
static json_t *read_sums(const char *folder)
{
	char *text = io_read_filef("%s/" SUMS, folder), *rest = text, *line, *name;
	json_t *sums = NULL;

	if (text && !strncmp(text, MARK, strlen(MARK) - 1))
		sums = json_object();
	while (sums && (line = strsep(&rest, "\n"))) {
		name = strstr(line, "  ");
		if (*line == '#' || !name || !is_ours(name + 2))
			continue;
		*name = '\0';
		json_object_set_new(sums, name + 2, json_string(line));
	}
	free(text);
	return sums;
}

/* What will be replaced or removed must be what an earlier report put there. */
static bool is_unchanged(const struct report_folder *f, const char *name, const json_t *sum)
{
	char *path = files_text("%s/%s", f->path, name);
	bool there = !access(path, F_OK);
	char *is = there ? files_sha256(path) : NULL;
	bool same = !there || (is && sum && !strcmp(is, json_string_value(sum)));

	if (!same && is)
		err("%s: is not as the report left it, and stays so; move it away or give another "
		    "--out",
		    path);
	free(is);
	free(path);
	return same;
}

/*
 * Whether nothing is in there but what a report that was killed has left, which goes if sweep says
 * so.
 */
static bool is_empty(const char *folder, bool sweep)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool empty = true;
	char *path;

	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (strncmp(entry->d_name, STAGE, strlen(STAGE))) {
			empty = false;
		} else if (sweep) {
			path = files_text("%s/%s", folder, entry->d_name);
			files_remove(path);
			free(path);
		}
	}
	if (dir)
		closedir(dir);
	return empty;
}

/* Opens the folder, which is ours alone until it is closed. */
static bool open_folder(struct report_folder *f)
{
	f->dir = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->dir < 0)
		return err_errno("--out %s: cannot be opened", f->path);
	return !flock(f->dir, LOCK_EX | LOCK_NB) ||
	       err("--out %s: another report is made there; wait until it has ended", f->path);
}

/* The folder of journals, -1 with errno. What has its name must not lead out of here. */
static int open_journals(const struct report_folder *f)
{
	return openat(f->dir, JOURNALS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Whether all that is in there may be replaced. */
static bool is_replaceable(struct report_folder *f)
{
	int journals = open_journals(f);
	const char *name;
	json_t *sum;

	if (journals >= 0)
		close(journals);
	else if (errno != ENOENT)
		return err("--out %s: %s/" JOURNALS " is no folder, or a link to one", f->path,
			   f->path);
	f->old = read_sums(f->path);
	if (!f->old && !is_empty(f->path, false))
		return err(
			"--out %s: holds other files than a report; give a new or an empty folder",
			f->path);
	json_object_foreach(f->old, name, sum) {
		if (!is_unchanged(f, name, sum))
			return false;
	}
	return true;
}

bool report_folder_open(struct report_folder *f, const char *path)
{
	*f = (struct report_folder){.path = path, .made = access(path, F_OK) != 0, .dir = -1};
	if (!f->made && !files_is_dir(path))
		return err("--out %s: is no folder", path);
	if (!files_make_dirs(path) || !open_folder(f) || !is_replaceable(f))
		return false;
	is_empty(path, true);
	f->names = json_array();
	f->stage = files_text("%s/" STAGE "XXXXXX", path);
	if (!mkdtemp(f->stage)) {
		err_errno("--out %s: cannot be written to", path);
		free(f->stage);
		f->stage = NULL;
	}
	return f->stage != NULL;
}

/* Where a file is until then; malloc'ed. */
static char *staged(struct report_folder *f, const char *name)
{
	json_array_append_new(f->names, json_string(name));
	return files_text("%s/%s", f->stage, name);
}

bool report_folder_write(struct report_folder *f, const char *name, const void *data, size_t len)
{
	char *path = staged(f, name);
	bool ok = files_make_above(path) && files_write(path, data, len);

	free(path);
	return ok;
}

bool report_folder_copy(struct report_folder *f, const char *name, const char *from)
{
	char *path = staged(f, name);
	bool ok = files_make_above(path) && files_copy(from, path);

	free(path);
	return ok;
}

/* The list of all files, as sha256sum makes it. */
static bool write_sums(struct report_folder *f)
{
	char *text = files_text("%s", MARK), *more, *path, *sum;
	json_t *name;
	size_t i;
	bool ok = true;

	json_array_foreach(f->names, i, name) {
		path = files_text("%s/%s", f->stage, json_string_value(name));
		sum = ok ? files_sha256(path) : NULL;
		more = files_text("%s%s  %s\n", text, sum ? sum : "", json_string_value(name));
		ok = sum && (json_object_get(f->old, json_string_value(name)) ||
			     is_unchanged(f, json_string_value(name), NULL));
		free(path);
		free(sum);
		free(text);
		text = more;
	}
	path = staged(f, SUMS);
	ok = ok && files_write(path, text, strlen(text));
	free(path);
	free(text);
	return ok;
}

static bool has_name(const json_t *names, const char *name)
{
	json_t *other;
	size_t i;

	json_array_foreach(names, i, other) {
		if (!strcmp(json_string_value(other), name))
			return true;
	}
	return false;
}

/* A file's name in the folder that it is in, that of journals or ours. */
static const char *place(const struct report_folder *f, int journals, const char *name,
			 int *ret_dir)
{
	size_t len = strlen(JOURNALS "/");
	bool below = !strncmp(name, JOURNALS "/", len);

	*ret_dir = below ? journals : f->dir;
	return below ? name + len : name;
}

static void remove_old(const struct report_folder *f, int journals)
{
	const char *name, *base;
	json_t *sum;
	int dir;

	json_object_foreach(f->old, name, sum) {
		base = place(f, journals, name, &dir);
		if (!has_name(f->names, name))
			unlinkat(dir, base, 0);
	}
}

/* Gives a staged file its name. */
static bool put(const struct report_folder *f, int journals, const char *name)
{
	char *from = files_text("%s/%s", f->stage, name);
	int dir;
	const char *base = place(f, journals, name, &dir);
	bool ok = !renameat(AT_FDCWD, from, dir, base) ||
		  err_errno("%s/%s: cannot be made", f->path, name);

	free(from);
	return ok;
}

bool report_folder_commit(struct report_folder *f)
{
	bool ok = write_sums(f);
	int journals = -1;
	json_t *name;
	size_t i;

	if (ok) {
		mkdirat(f->dir, JOURNALS, 0777);
		journals = open_journals(f);
		ok = journals >= 0 || err_errno("%s/" JOURNALS, f->path);
	}
	json_array_foreach(f->names, i, name) {
		ok = ok && put(f, journals, json_string_value(name));
	}
	if (ok) {
		remove_old(f, journals);
		f->made = false;
	}
	if (journals >= 0)
		close(journals);
	return ok;
}

void report_folder_close(struct report_folder *f)
{
	if (f->stage)
		files_remove(f->stage);
	if (f->made)
		rmdir(f->path);
	if (f->dir >= 0)
		close(f->dir);
	free(f->stage);
	json_decref(f->old);
	json_decref(f->names);
	*f = (struct report_folder){0};
}

/* The last component, harmless, with .jsonl at its end; malloc'ed. */
static char *safe_name(const char *path)
{
	const char *last = strrchr(path, '/'), *end;
	char *name, *c;
	size_t len;

	last = last ? last + 1 : path;
	last += strspn(last, ".-");
	len = strlen(last);
	end = len > 6 && !strcmp(last + len - 6, ".jsonl") ? last + len - 6 : last + len;
	len = (size_t)(end - last) < MOST_NAME ? (size_t)(end - last) : MOST_NAME;
	name = files_text("%.*s.jsonl", (int)len, last);
	for (c = name; *c; c++)
		if (!isascii(*c) || (!isalnum((unsigned char)*c) && !strchr("._+-", *c)))
			*c = '_';
	return name;
}

json_t *report_folder_names(char *const *paths, size_t nr)
{
	char **safe = calloc(nr + 1, sizeof(*safe)), *name;
	json_t *names = json_array();
	bool in_order = true;
	int width;
	size_t i;

	for (i = 0; safe && i < nr; i++) {
		safe[i] = safe_name(paths[i]);
		/* In whatever order a shell sorts capitals. */
		in_order &= !i || (strcmp(safe[i - 1], safe[i]) < 0 &&
				   strcasecmp(safe[i - 1], safe[i]) < 0);
	}
	width = snprintf(NULL, 0, "%zu", nr);
	for (i = 0; safe && i < nr; i++) {
		name = in_order ? files_text("journals/%s", safe[i])
				: files_text("journals/%0*zu-%s", width, i + 1, safe[i]);
		json_array_append_new(names, json_string(name));
		free(name);
		free(safe[i]);
	}
	free(safe);
	return names;
}
