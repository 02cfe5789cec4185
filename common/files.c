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
