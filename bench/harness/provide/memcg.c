// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/ of the kernel say what the files are, and
 * who may move a process: who may write to cgroup.procs of the group above both.
 */
#include "bench/harness/provide/memcg.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench/harness/kernel/cgroup.h"
#include "common/io.h"

#define TRIES 500 /* 10 ms each: a process that was killed leaves its group when it has ended */

#define CONTROL "cgroup.subtree_control" /* of version 2 alone */

static int write_file(const char *folder, const char *file, const char *text)
{
	char path[MEMCG_PATH + 64];
	int fd, error;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	error = fd < 0 || write(fd, text, strlen(text)) < 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	return error;
}

static bool may_write(const char *folder, const char *file)
{
	char path[MEMCG_PATH + 64];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	return !access(path, W_OK);
}

static bool is_v2(const char *folder)
{
	char path[MEMCG_PATH + 64];

	snprintf(path, sizeof(path), "%s/" CONTROL, folder);
	return !access(path, F_OK);
}

/* Whether a file of the group names the memory controller. */
static bool lists_memory(const char *folder, const char *file)
{
	char *text = io_read_filef("%s/%s", folder, file), *rest = text, *word;
	bool lists = false;

	while (!lists && (word = strsep(&rest, " ")))
		lists = !strcmp(word, "memory");
	free(text);
	return lists;
}

static bool has_processes(const char *folder)
{
	char *text = io_read_filef("%s/cgroup.procs", folder);
	bool has = text && *text;

	free(text);
	return has;
}

/* Whether a group with the memory controller can be made in this one, for this process. */
static bool is_usable(const char *folder, bool v2, bool *ret_enables)
{
	*ret_enables = v2 && !lists_memory(folder, CONTROL);
	if (access(folder, W_OK) || !may_write(folder, "cgroup.procs"))
		return false;
	if (!*ret_enables)
		return true;
	/* None but the root may have both processes and groups that have controllers. */
	return lists_memory(folder, "cgroup.controllers") && may_write(folder, CONTROL) &&
	       (cgroup_is_root(folder, v2) || !has_processes(folder));
}

bool memcg_plan(struct memcg *ret, int levels, char *why, size_t room)
{
	struct cgroup_place own;
	size_t at;

	*ret = (struct memcg){.levels = levels};
	if (!cgroup_find("memory", &own)) {
		snprintf(why, room,
			 "needs control groups of memory: none is mounted, or this kernel has none "
			 "(CONFIG_MEMCG, cgroup_disable=memory)");
		return false;
	}
	for (at = strlen(own.top);; at += strcspn(own.folder + at, "/")) {
		char folder[MEMCG_PATH - 64];

		if (at < sizeof(folder)) {
			snprintf(folder, sizeof(folder), "%.*s", (int)at, own.folder);
			snprintf(ret->path, sizeof(ret->path), "%s/" MEMCG_NAME "%d", folder,
				 (int)getpid());
			if (is_usable(folder, own.v2, &ret->enables))
				return true;
		}
		if (!own.folder[at])
			break;
		at++;
	}
	ret->path[0] = '\0';
	snprintf(why, room,
		 "needs leave to make a control group with the memory controller above %s: root, "
		 "or one that is delegated (%s)",
		 own.folder,
		 own.v2 ? "systemd-run --user --scope"
			: "of version 1: root makes a folder there and chowns it and its "
			  "cgroup.procs");
	return false;
}

bool memcg_plan_none(char path[MEMCG_PATH], char *why, size_t room)
{
	const char *where = cgroup_memory();
	struct cgroup_place own;

	path[0] = '\0';
	if (where && !strcmp(where, "root"))
		return true;
	if (cgroup_find("memory", &own) && cgroup_is_root(own.top, own.v2) &&
	    may_write(own.top, "cgroup.procs")) {
		snprintf(path, MEMCG_PATH, "%s", own.top);
		return true;
	}
	snprintf(why, room,
		 "needs to be charged to no control group: it is in %s, which only root can leave",
		 cgroup_find("memory", &own) ? own.folder : "one of the container's");
	return false;
}

/* The group of a level, from 1. */
static void level_path(const struct memcg *g, int level, char path[MEMCG_PATH])
{
	size_t used = (size_t)snprintf(path, MEMCG_PATH, "%s", g->path);

	while (--level && used < MEMCG_PATH)
		used += (size_t)snprintf(path + used, MEMCG_PATH - used, "/in");
}

void memcg_leaf(const struct memcg *g, char path[MEMCG_PATH])
{
	level_path(g, g->levels, path);
}

/* Who was held to a limit is not to get round it here. */
static int set_limit(const char *path, bool v2)
{
	uint64_t limit = cgroup_memory_max();
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, limit);
	return limit == CGROUP_NO_LIMIT
		       ? 0
		       : write_file(path, v2 ? "memory.max" : "memory.limit_in_bytes", text);
}

static void parent_of(const struct memcg *g, char path[MEMCG_PATH])
{
	snprintf(path, MEMCG_PATH, "%s", g->path);
	*strrchr(path, '/') = '\0';
}

int memcg_make(const struct memcg *g)
{
	char path[MEMCG_PATH];
	bool v2;
	int level, error;

	parent_of(g, path);
	v2 = is_v2(path);
	error = g->enables ? write_file(path, CONTROL, "+memory") : 0;
	for (level = 1; level <= g->levels && !error; level++) {
		level_path(g, level, path);
		error = mkdir(path, 0755) ? errno : 0;
		if (!error && level == 1)
			error = set_limit(path, v2);
		if (!error && v2 && level < g->levels)
			error = write_file(path, CONTROL, "+memory");
		/* Before 5.11 groups of version 1 are not charged for those within unless told. */
		else if (!error && !v2)
			write_file(path, "memory.use_hierarchy", "1");
	}
	return error;
}

bool memcg_join(const char *path)
{
	errno = write_file(path, "cgroup.procs", "0");
	return !errno;
}

static void kill_all(const char *path)
{
	char *text = io_read_filef("%s/cgroup.procs", path), *rest = text, *line;

	while ((line = strsep(&rest, "\n")))
		if (atoi(line) > 1)
			kill(atoi(line), SIGKILL);
	free(text);
}

static int remove_one(const char *path)
{
	static const struct timespec moment = {.tv_nsec = 10000000};
	int i, error = 0;

	for (i = 0; i < TRIES; i++) {
		error = rmdir(path) ? errno : 0;
		if (error != EBUSY)
			break;
		kill_all(path);
		nanosleep(&moment, NULL);
	}
	return error == ENOENT ? 0 : error;
}

int memcg_remove(const struct memcg *g)
{
	char path[MEMCG_PATH];
	int level, error = 0;

	for (level = g->levels; level && !error; level--) {
		level_path(g, level, path);
		error = remove_one(path);
	}
	parent_of(g, path);
	/* It stays where somebody else has made groups that have it. */
	if (!error && g->enables)
		write_file(path, CONTROL, "-memory");
	return error;
}

bool memcg_is_there(const struct memcg *g)
{
	return g->path[0] && !access(g->path, F_OK);
}

json_t *memcg_to_json(const struct memcg *g)
{
	return json_pack("{s:s,s:i,s:b}", "memcg", g->path, "levels", g->levels, "enables",
			 g->enables);
}

bool memcg_from_json(struct memcg *ret, const json_t *json)
{
	const char *path, *name;
	int levels, enables;

	if (json_unpack((json_t *)json, "{s:s,s:i,s:b}", "memcg", &path, "levels", &levels,
			"enables", &enables) ||
	    levels < 1 || levels > MEMCG_MOST || strlen(path) >= MEMCG_PATH - 64)
		return false;
	name = strrchr(path, '/');
	if (!name || strncmp(name + 1, MEMCG_NAME, strlen(MEMCG_NAME)))
		return false;
	*ret = (struct memcg){.levels = levels, .enables = enables, .earlier = true};
	strcpy(ret->path, path);
	return true;
}
