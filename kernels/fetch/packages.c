// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What of a package is a kernel: its files below boot and lib/modules. Whatever else is in there,
 * links included, stays there, so that nothing is ever written outside the folder.
 */
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/process.h"
#include "kernels/fetch/parts.h"

#define BLOCK (1 << 16) /* bytes read at a time */

bool parts_is_package(const char *path)
{
	static const char *const ends[] = {".deb",    ".rpm",	  ".tar",    ".tar.gz",
					   ".tar.xz", ".tar.zst", ".tar.bz2"};
	size_t len = strlen(path), end, i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		end = strlen(ends[i]);
		if (len > end && !strcmp(path + len - end, ends[i]))
			return true;
	}
	return false;
}

/* The name without what may be in front of it; NULL if it is of no use or leads elsewhere. */
static const char *wanted(const char *name)
{
	static const char *const folders[] = {"boot/", "lib/modules/", "usr/lib/modules/"};
	size_t i;

	while (!strncmp(name, "./", 2) || *name == '/')
		name += *name == '/' ? 1 : 2;
	if (!strcmp(name, "..") || strstr(name, "../") || strstr(name, "/.."))
		return NULL;
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!strncmp(name, folders[i], strlen(folders[i])))
			return name;
	return NULL;
}

static bool says(const char *path, struct archive *a)
{
	const char *why = archive_error_string(a);

	return err("%s: cannot be unpacked: %s", path, why ? why : "no reason given");
}

static bool put_file(struct archive *a, const char *path, const char *to)
{
	int fd = files_make_above(to) ? open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)
				      : -1;
	bool ok = false;

	if (fd < 0)
		return err_errno("%s", to);
	if (archive_read_data_into_fd(a, fd) < ARCHIVE_WARN)
		says(path, a);
	else
		ok = true;
	if (close(fd) && ok)
		ok = err_errno("%s", to);
	return ok;
}

static bool put_all(struct archive *a, const char *path, const char *to)
{
	struct archive_entry *entry;
	const char *name;
	bool ok = true;
	char *file;
	int rc;

	while (ok && (rc = archive_read_next_header(a, &entry)) != ARCHIVE_EOF) {
		if (child_interrupted())
			return false;
		if (rc < ARCHIVE_WARN)
			return says(path, a);
		name = archive_entry_pathname(entry) ? wanted(archive_entry_pathname(entry)) : NULL;
		if (!name || archive_entry_filetype(entry) != AE_IFREG ||
		    archive_entry_hardlink(entry))
			continue;
		file = files_text("%s/%s", to, name);
		ok = put_file(a, path, file);
		free(file);
	}
	return ok;
}

/* A .deb is an archive whose member data.tar.* is the one that counts. */
struct inner {
	struct archive *outer;
	char block[BLOCK];
};

static la_ssize_t read_inner(struct archive *a, void *arg, const void **ret)
{
	struct inner *inner = arg;
	la_ssize_t got = archive_read_data(inner->outer, inner->block, BLOCK);

	if (got < 0)
		archive_set_error(a, archive_errno(inner->outer), "%s",
				  archive_error_string(inner->outer));
	*ret = inner->block;
	return got;
}

static struct archive *reader(void)
{
	struct archive *a = archive_read_new();

	if (!a)
		abort();
	archive_read_support_filter_all(a);
	archive_read_support_format_all(a);
	return a;
}

/* Whether the archive is at a .deb's data. */
static bool at_data(struct archive *a)
{
	struct archive_entry *entry;
	const char *name;

	while (archive_read_next_header(a, &entry) >= ARCHIVE_WARN &&
	       (archive_format(a) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_AR) {
		name = archive_entry_pathname(entry);
		if (name && !strncmp(name, "data.tar", 8))
			return true;
	}
	return false;
}

static bool unpack_deb(struct archive *outer, const char *path, const char *to)
{
	struct inner *inner = malloc(sizeof(*inner));
	struct archive *a = reader();
	bool ok;

	if (!inner)
		abort();
	inner->outer = outer;
	if (!at_data(outer))
		ok = err("%s: is no Debian package: it has no data.tar", path);
	else if (archive_read_open(a, inner, NULL, read_inner, NULL) < ARCHIVE_WARN)
		ok = says(path, a);
	else
		ok = put_all(a, path, to);
	archive_read_free(a);
	free(inner);
	return ok;
}

static bool is_deb(const char *path)
{
	size_t len = strlen(path);

	return len > 4 && !strcmp(path + len - 4, ".deb");
}

static bool unpack_package(const char *path, const char *to)
{
	struct archive *a = reader();
	int fd = io_open_file(path);
	bool ok = false;

	if (fd >= 0 && archive_read_open_fd(a, fd, BLOCK) < ARCHIVE_WARN)
		says(path, a);
	else if (fd >= 0)
		ok = is_deb(path) ? unpack_deb(a, path, to) : put_all(a, path, to);
	archive_read_free(a);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool packages_unpack(const json_t *files, const char *to)
{
	json_t *file;
	bool ok = files_make_dirs(to);
	size_t i;

	json_array_foreach(files, i, file) {
		ok = ok && unpack_package(json_string_value(file), to);
	}
	return ok;
}
