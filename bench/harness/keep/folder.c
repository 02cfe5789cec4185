// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/keep/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/keep.h"
#include "common/msg.h"

#define YOUNG_S	 60   /* a lock that is no older may not have been taken yet */
#define FILLED_S 3600 /* until what is sent into a folder has come, and there is a lock */

bool folder_take(void)
{
	int fd = open(KEEP_LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB))
		return true;
	return err_errno("%s: cannot be locked", KEEP_LOCK);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	remove(path);
	return 0;
}

static void remove_all(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Whether it was last changed longer ago than that, or before this boot. */
static bool is_old(const struct stat *st, double most_s)
{
	double age = difftime(time(NULL), st->st_mtime);
	struct timespec up;

	return age > most_s || (!clock_gettime(CLOCK_BOOTTIME, &up) && age > (double)up.tv_sec + 1);
}

/* Whether a folder is ours, and its keeper has been, or was to come, and is not any more. */
static bool is_abandoned(const char *path)
{
	char lock[PATH_MAX];
	struct stat st;
	bool left;
	int fd;

	if (lstat(path, &st) || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    snprintf(lock, sizeof(lock), "%s/%s", path, KEEP_LOCK) >= PATH_MAX)
		return false;
	fd = open(lock, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT && is_old(&st, FILLED_S);
	left = !fstat(fd, &st) && is_old(&st, YOUNG_S) && !flock(fd, LOCK_EX | LOCK_NB);
	close(fd);
	return left;
}

void folder_settle(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	char path[PATH_MAX];
	DIR *dir;

	dir = opendir("..");
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "../%s", entry->d_name);
		if (!strncmp(entry->d_name, KEEP_PREFIX, strlen(KEEP_PREFIX)) && is_abandoned(path))
			remove_all(path);
	}
	if (dir)
		closedir(dir);
	if (fd >= 0) {
		syncfs(fd);
		close(fd);
	}
}

void folder_leave(void)
{
	char *path = getcwd(NULL, 0), *slash = path ? strrchr(path, '/') : NULL;

	/* Whatever has become of it, nothing else goes. */
	if (slash && !strncmp(slash + 1, KEEP_PREFIX, strlen(KEEP_PREFIX)) && !chdir("/"))
		remove_all(path);
	free(path);
}
