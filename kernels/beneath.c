// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"

#define LEADS_OUT EXDEV /* as openat2() has it */

bool beneath_is_plain(const char *name)
{
	const char *word;
	size_t len;

	for (word = name; *word; word += len + !!word[len]) {
		len = strcspn(word, "/");
		if (len == 2 && !memcmp(word, "..", 2))
			return false;
	}
	return *name && *name != '/';
}

/* Kernels before 5.6, and containers whose filter is as old, have no openat2(): no link is followed
 * at all then. */
static int open_without_links(int dir, const char *name, int flags)
{
	char *copy = files_text("%s", name), *rest = copy, *word;
	int at = dup(dir), next, saved;

	if (!beneath_is_plain(name)) {
		close(at);
		at = -1;
		errno = LEADS_OUT;
	}
	while (at >= 0 && (word = strsep(&rest, "/"))) {
		if (!*word)
			continue;
		next = openat(at, word,
			      (rest ? O_PATH | O_DIRECTORY | O_CLOEXEC : flags) | O_NOFOLLOW);
		saved = errno;
		close(at);
		errno = saved == ELOOP || saved == ENOTDIR ? LEADS_OUT : saved;
		at = next;
	}
	free(copy);
	return at;
}

static int open_below(int dir, const char *name, int flags)
{
	struct open_how how = {.flags = (unsigned int)flags,
			       .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
	int fd = (int)syscall(SYS_openat2, dir, name, &how, sizeof(how));

	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = open_without_links(dir, name, flags);
	return fd;
}

/* What of a path is below the folder; NULL if it is not. */
static const char *below(const char *folder, const char *path)
{
	size_t len = strlen(folder);

	if (strncmp(path, folder, len) || (len && folder[len - 1] != '/' && path[len] != '/'))
		return NULL;
	return path + len + strspn(path + len, "/");
}

int beneath_open(const char *folder, const char *path, int flags)
{
	int dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;
	const char *name = below(folder, path);
	struct stat st;

	errno = dir < 0 ? errno : LEADS_OUT;
	if (dir >= 0 && name)
		fd = open_below(dir, name, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 && errno == LEADS_OUT)
		err("%s: leads out of %s, and is not followed", path, folder);
	else if (fd < 0 || fstat(fd, &st))
		err_errno("%s: cannot be read", path);
	else if (!S_ISREG(st.st_mode))
		err("%s: not a regular file", path);
	if (dir >= 0)
		close(dir);
	if (fd < 0 || S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -1;
}

bool beneath_map(const char *folder, const char *path, struct file_map *ret)
{
	return map_fd(beneath_open(folder, path, O_RDONLY), path, ret);
}

char *beneath_read(const char *folder, const char *path)
{
	return io_text_of(beneath_open(folder, path, O_RDONLY), path);
}

bool beneath_copy(const char *folder, const char *path, const char *to)
{
	struct file_map map;
	bool ok;

	if (!beneath_map(folder, path, &map))
		return false;
	ok = files_write(to, map.data, map.len);
	unmap_file(&map);
	return ok;
}

bool beneath_write(const char *folder, const char *path, const char *text)
{
	int fd = beneath_open(folder, path, O_WRONLY);
	bool ok;

	if (fd < 0)
		return false;
	ok = !ftruncate(fd, 0) && io_write_all(fd, text, strlen(text));
	if (close(fd) || !ok)
		return err_errno("%s: cannot be written", path);
	return true;
}
