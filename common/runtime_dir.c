// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/runtime_dir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether it is a folder of ours, and no link to one. 0 or an errno. */
static int is_ours(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return errno;
	return S_ISDIR(st.st_mode) && st.st_uid == geteuid() && !(st.st_mode & 022) ? 0 : EPERM;
}

/* Makes it, if it is missing; open says whether others may look into it. */
static int make_dir(const char *path, bool open)
{
	mode_t mask = umask(0);
	int error = mkdir(path, open ? 0755 : 0700) && errno != EEXIST ? errno : 0;

	umask(mask);
	return error ? error : is_ours(path);
}

/* The user's folder that the login made, if there is one. */
static char *login_dir(void)
{
	const char *named = getenv("XDG_RUNTIME_DIR");
	char *path = NULL;

	if (!named || *named != '/' || is_ours(named))
		return NULL;
	return asprintf(&path, "%s/faultbench", named) < 0 ? NULL : path;
}

char *runtime_path(const char *name, bool make)
{
	bool root = geteuid() == 0;
	char *dir = root ? strdup(RUNTIME_OF_ROOT) : login_dir(), *path = NULL;
	int error;

	if (!dir && asprintf(&dir, "/tmp/faultbench-%u", (unsigned int)geteuid()) < 0)
		return NULL;
	error = make ? make_dir(dir, root) : is_ours(dir);
	if (!error && asprintf(&path, "%s/%s", dir, name) < 0)
		path = NULL;
	free(dir);
	if (error)
		errno = error;
	return path;
}
