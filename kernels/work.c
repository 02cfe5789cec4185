// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/work.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/msg.h"
#include "kernels/cache_dir.h"

#define WORK ".work-" /* + pid + -XXXXXX */

/* Leftovers of fetches that were killed. */
static void sweep(const char *dir)
{
	DIR *folder = opendir(dir);
	struct dirent *entry;
	char *path;
	pid_t pid;

	while (folder && (entry = readdir(folder))) {
		if (strncmp(entry->d_name, WORK, strlen(WORK)))
			continue;
		pid = (pid_t)atoi(entry->d_name + strlen(WORK));
		if (pid <= 0 || !kill(pid, 0) || errno != ESRCH)
			continue;
		path = files_text("%s/%s", dir, entry->d_name);
		files_remove(path);
		free(path);
	}
	if (folder)
		closedir(folder);
}

char *work_make(void)
{
	char *dir = cache_dir(), *work = NULL;

	if (dir && files_make_dirs(dir)) {
		sweep(dir);
		work = files_text("%s/" WORK "%d-XXXXXX", dir, getpid());
		if (!mkdtemp(work)) {
			err_errno("%s: no folder can be made in it", dir);
			free(work);
			work = NULL;
		}
	}
	free(dir);
	return work;
}
