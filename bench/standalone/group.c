// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Control groups, where distributions mount them: a controller that version 1 has is not version
 * 2's.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/services/moves.h"
#include "bench/services/pages.h"
#include "bench/standalone/standalone.h"

#define GROUPS	   "/sys/fs/cgroup"
#define GROUP_PATH 512

struct group {
	bool v2;
	char top[64], path[GROUP_PATH]; /* the path is below the top: "/a/b", "" is the top */
};

static bool group_is_listed(char *list, const char *name)
{
	for (list = strtok(list, ","); list; list = strtok(NULL, ","))
		if (!strcmp(list, name))
			return true;
	return false;
}

/* Ours, of the controller: "N:CONTROLLERS:PATH", of version 2 "0::PATH". */
static void group_find(const char *controller, struct group *g)
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char line[GROUP_PATH], *list, *path;

	snprintf(g->top, sizeof(g->top), GROUPS "/%s", controller);
	g->v2 = access(g->top, F_OK) != 0;
	if (g->v2)
		strcpy(g->top, GROUPS);
	*g->path = '\0';
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		list = strchr(line, ':');
		path = list ? strchr(++list, ':') : NULL;
		if (!path)
			continue;
		*path++ = '\0';
		if (g->v2 ? !*list : group_is_listed(list, controller))
			strcpy(g->path, strcmp(path, "/") ? path : "");
	}
	if (file)
		fclose(file);
}

/* To the one above it; in a container what is above its own cannot be seen. False at the top. */
static bool group_up(struct group *g)
{
	char *slash = strrchr(g->path, '/');

	if (slash)
		*slash = '\0';
	return slash != NULL;
}

static void group_file(const struct group *g, const char *name, char path[2 * GROUP_PATH])
{
	snprintf(path, 2 * GROUP_PATH, "%s%s/%s", g->top, g->path, name);
}

/* What cannot be given back for memory that is asked for. */
static long group_memory_used(const struct group *g)
{
	char path[2 * GROUP_PATH];
	long own, shared;

	group_file(g, "memory.stat", path);
	own = moves_in_file(path, g->v2 ? "anon" : "total_rss");
	shared = moves_in_file(path, g->v2 ? "shmem" : "total_shmem");
	return (own > 0 ? own : 0) + (shared > 0 ? shared : 0);
}

/* What a limit leaves, if that is less. */
static void group_leaves(const struct group *g, const char *limit, long *room)
{
	char path[2 * GROUP_PATH];
	long left;

	group_file(g, limit, path);
	left = pages_number_in(path, LONG_MAX) - group_memory_used(g);
	*room = left < *room ? left : *room;
}

long standalone_memory_room(void)
{
	long room = LONG_MAX;
	struct group g;

	group_find("memory", &g);
	do {
		group_leaves(&g, g.v2 ? "memory.max" : "memory.limit_in_bytes", &room);
		group_leaves(&g, "memory.high", &room);
	} while (group_up(&g));
	return room > 0 ? room : 0;
}

long standalone_periods_held(void)
{
	char path[2 * GROUP_PATH];
	long held = 0, here;
	struct group g;

	group_find("cpu", &g);
	do {
		group_file(&g, "cpu.stat", path);
		here = moves_in_file(path, "nr_throttled");
		held += here > 0 ? here : 0;
	} while (group_up(&g));
	return held;
}
