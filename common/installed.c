// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/installed.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"

/* Seen from the program's folder: in a build folder, and installed. */
static const char *const programs[] = {".", "../lib/faultbench", NULL};
static const char *const configs[] = {"../configs", "../share/faultbench/configs", NULL};

/* The folder of this program, up to its last slash. */
static const char *own_folder(char self[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", self, PATH_MAX - 1);

	self[len > 0 ? len : 0] = '\0';
	if (strrchr(self, '/'))
		*strrchr(self, '/') = '\0';
	return self;
}

/* In the last of the places there are, where it is in none. */
static char *find(const char *const *places, const char *name)
{
	char self[PATH_MAX], *folder, *path, *real, *should = NULL;

	own_folder(self);
	for (; *places; places++) {
		folder = files_text("%s/%s", self, *places);
		real = realpath(folder, NULL);
		free(folder);
		if (!real)
			continue;
		path = files_text("%s/%s", real, name);
		free(real);
		free(should);
		should = path;
		if (!access(path, F_OK))
			break;
	}
	return should ? should : files_text("%s/%s", self, name);
}

char *installed_program(const char *name)
{
	return find(programs, name);
}

char *installed_config(const char *name)
{
	return find(configs, name);
}
