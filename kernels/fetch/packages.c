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

/* The packages of one kernel, of which this much may still come. */
struct unpacking {
	const char *path; /* of the package */
	const char *to;
	la_int64_t bytes;
	size_t entries;
};

static bool too_large(const struct unpacking *u)
{
	return err("%s: is too large: more than %llu GiB or %u files in the packages of a kernel",
		   u->path, (unsigned long long)(PACKAGES_MOST >> 30), PACKAGES_ENTRIES);
}

/*
 * What is left out is unpacked as well, only to nowhere. No entry of tar, cpio and ar is longer
 * than it says.
 */
static bool has_room(struct unpacking *u, struct archive_entry *entry)
{
	la_int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;

	if (!u->entries || size < 0 || size > u->bytes)
		return too_large(u);
	u->entries--;
	u->bytes -= size;
	return true;
}

static bool put_file(struct archive *a, const struct unpacking *u, const char *to)
{
	int fd = files_make_above(to) ? open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)
				      : -1;
	bool ok = false;

	if (fd < 0)
		return err_errno("%s", to);
	if (archive_read_data_into_fd(a, fd) < ARCHIVE_WARN)
		says(u->path, a);
	else
		ok = true;
	if (close(fd) && ok)
		ok = err_errno("%s", to);
	return ok;
}

static bool put_all(struct archive *a, struct unpacking *u)
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
			return says(u->path, a);
		if (!has_room(u, entry))
			return false;
		name = archive_entry_pathname(entry) ? wanted(archive_entry_pathname(entry)) : NULL;
		if (!name || archive_entry_filetype(entry) != AE_IFREG ||
		    archive_entry_hardlink(entry))
			continue;
		file = files_text("%s/%s", u->to, name);
		ok = put_file(a, u, file);
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

/* What packages are made of; libarchive knows formats that name files, and runs programs for some.
 */
static struct archive *reader(void)
{
	static int (*const support[])(struct archive *) = {
		archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
		archive_read_support_filter_xz,	  archive_read_support_filter_lzma,
		archive_read_support_filter_zstd, archive_read_support_filter_lz4,
		archive_read_support_filter_rpm,  archive_read_support_format_ar,
		archive_read_support_format_tar,  archive_read_support_format_cpio,
	};
	struct archive *a = archive_read_new();
	size_t i;

	if (!a)
		abort();
	for (i = 0; i < sizeof(support) / sizeof(support[0]); i++)
		support[i](a);
	return a;
}

/* Whether the archive comes to a .deb's data; false with a message. */
static bool find_data(struct archive *a, struct unpacking *u)
{
	struct archive_entry *entry;
	const char *name;

	while (archive_read_next_header(a, &entry) >= ARCHIVE_WARN &&
	       (archive_format(a) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_AR) {
		name = archive_entry_pathname(entry);
		if (name && !strncmp(name, "data.tar", 8))
			return true;
		if (!has_room(u, entry))
			return false;
	}
	return err("%s: is no Debian package: it has no data.tar", u->path);
}

static bool unpack_deb(struct archive *outer, struct unpacking *u)
{
	struct inner *inner = malloc(sizeof(*inner));
	struct archive *a = reader();
	bool ok;

	if (!inner)
		abort();
	inner->outer = outer;
	if (!find_data(outer, u))
		ok = false;
	else if (archive_read_open(a, inner, NULL, read_inner, NULL) < ARCHIVE_WARN)
		ok = says(u->path, a);
	else
		ok = put_all(a, u);
	archive_read_free(a);
	free(inner);
	return ok;
}

static bool is_deb(const char *path)
{
	size_t len = strlen(path);

	return len > 4 && !strcmp(path + len - 4, ".deb");
}

static bool unpack_package(struct unpacking *u)
{
	struct archive *a = reader();
	int fd = io_open_file(u->path);
	bool ok = false;

	if (fd >= 0 && archive_read_open_fd(a, fd, BLOCK) < ARCHIVE_WARN)
		says(u->path, a);
	else if (fd >= 0)
		ok = is_deb(u->path) ? unpack_deb(a, u) : put_all(a, u);
	archive_read_free(a);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool packages_unpack(const json_t *files, const char *to)
{
	struct unpacking u = {.to = to, .bytes = PACKAGES_MOST, .entries = PACKAGES_ENTRIES};
	bool ok = files_make_dirs(to);
	json_t *file;
	size_t i;

	json_array_foreach(files, i, file) {
		u.path = json_string_value(file);
		ok = ok && unpack_package(&u);
	}
	return ok;
}
