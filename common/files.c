// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/io.h"
#include "common/map.h"
#include "common/msg.h"
#include "common/sha256.h"

char *files_text(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	return text;
}

char *files_if_there(const char *fmt, ...)
{
	va_list ap;
	char *path;

	va_start(ap, fmt);
	if (vasprintf(&path, fmt, ap) < 0)
		abort();
	va_end(ap);
	if (access(path, F_OK)) {
		free(path);
		path = NULL;
	}
	return path;
}

bool files_is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

bool files_full(const char *path)
{
	struct statvfs disk;

	return !statvfs(path, &disk) && disk.f_bavail < (1 << 20) / disk.f_frsize;
}

bool files_make_dirs(const char *path)
{
	if (files_is_dir(path))
		return true;
	if (!files_make_above(path))
		return false;
	if (mkdir(path, 0777) && errno != EEXIST)
		return err_errno("%s: cannot be made", path);
	return true;
}

bool files_make_above(const char *path)
{
	char *above = files_text("%s", path), *slash = strrchr(above, '/');
	bool ok = true;

	if (slash && slash != above) {
		*slash = '\0';
		ok = files_make_dirs(above);
	}
	free(above);
	return ok;
}

bool files_write(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool ok;

	if (fd < 0)
		return err_errno("%s: cannot be written", path);
	ok = io_write_all(fd, data, len);
	if (close(fd) || !ok)
		return err_errno("%s: cannot be written", path);
	return true;
}

#define HEAD 4096 /* bytes in which the mark of a file is found */

/* Opens for writing what may be overwritten, without changing it. -1 with a message printed. */
static int open_ours(const char *path, const char *mark, off_t *ret_size)
{
	int fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char head[HEAD];
	struct stat st;
	ssize_t got;

	if (fd < 0 && errno == ENOENT)
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0 || fstat(fd, &st)) {
		err_errno("%s: cannot be written", path);
	} else if (!S_ISREG(st.st_mode)) {
		err("%s: not a regular file", path);
	} else {
		*ret_size = st.st_size;
		got = st.st_size ? pread(fd, head, sizeof(head), 0) : 0;
		if (!st.st_size || (got > 0 && memmem(head, (size_t)got, mark, strlen(mark))))
			return fd;
		err("%s: holds something else, and stays as it is; remove it or give another --out",
		    path);
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

bool files_replace(const char *path, const void *data, size_t len, const char *mark)
{
	off_t size = 0;
	int fd = open_ours(path, mark, &size);
	bool ok;

	if (fd < 0)
		return false;
	/* That the disk is full is found before anything of what was there is gone. */
	ok = !fallocate(fd, 0, 0, (off_t)len) || errno == EOPNOTSUPP;
	if (!ok) {
		err_errno("%s: cannot be written", path);
		if (size ? ftruncate(fd, size) : unlink(path))
			err_errno("%s", path);
	} else if (!io_write_all(fd, data, len) || ftruncate(fd, (off_t)len)) {
		ok = err_errno("%s: cannot be written", path);
	}
	close(fd);
	return ok;
}

bool files_copy(const char *from, const char *to)
{
	struct file_map map;
	bool ok;

	if (!map_file(from, &map))
		return false;
	ok = files_write(to, map.data, map.len);
	unmap_file(&map);
	return ok;
}

char *files_sha256(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char sum[SHA256_TEXT];
	struct stat st;
	bool ok;

	if (fd >= 0 && !fstat(fd, &st) && !S_ISREG(st.st_mode))
		ok = err("%s: not a regular file", path);
	else
		ok = (fd >= 0 && sha256_fd(fd, sum)) || err_errno("%s: cannot be read", path);
	if (fd >= 0)
		close(fd);
	return ok ? files_text("%s", sum) : NULL;
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

json_t *files_in(const char *folder)
{
	struct dirent **entries;
	int nr = scandir(folder, &entries, not_hidden, alphasort), i;
	json_t *paths;
	char *path;

	if (nr < 0) {
		err_errno("%s", folder);
		return NULL;
	}
	paths = json_array();
	for (i = 0; i < nr; i++) {
		path = files_text("%s/%s", folder, entries[i]->d_name);
		json_array_append_new(paths, json_string(path));
		free(path);
		free(entries[i]);
	}
	free(entries);
	return paths;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

void files_remove(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
