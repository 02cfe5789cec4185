// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/ of the kernel say what the files are.
 */
#include "bench/harness/kernel/cgroup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"

#define INIT_NAMESPACE "cgroup:[4026531835]" /* PROC_CGROUP_INIT_INO */

static bool is_listed(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (;;) {
		if (!strncmp(list, word, len) && (!list[len] || list[len] == ','))
			return true;
		list = strchr(list, ',');
		if (!list)
			return false;
		list++;
	}
}

/*
 * The path of our group, malloc'ed, from /proc/self/cgroup, whose lines are "0::PATH" for v2 and
 * "N:CONTROLLERS:PATH" for v1. A controller that v1 has not is v2's.
 */
static char *own_path(const char *controller, bool *ret_v2)
{
	char *text = io_read_file("/proc/self/cgroup"), *rest = text, *line, *path = NULL;
	char *controllers, *end;

	*ret_v2 = true;
	while ((line = strsep(&rest, "\n"))) {
		controllers = strchr(line, ':');
		end = controllers ? strchr(++controllers, ':') : NULL;
		if (!end)
			continue;
		*end = '\0';
		*ret_v2 = !*controllers;
		if (!*ret_v2 && !is_listed(controllers, controller))
			continue;
		free(path);
		path = strdup(end + 1);
		if (!*ret_v2)
			break;
	}
	free(text);
	return path;
}

/*
 * A line of mountinfo: "ID PARENT DEVICE ROOT MOUNTPOINT OPTIONS... - TYPE SOURCE OPTIONS". In what
 * was mounted outside our namespace we do not know our place.
 */
static bool read_mount(const char *line, const char *controller, bool v2, char root[1024],
		       char top[256])
{
	const char *end = strstr(line, " - ");
	char type[32], options[512];

	return end && sscanf(end, " - %31s %*s %511s", type, options) == 2 &&
	       !strcmp(type, v2 ? "cgroup2" : "cgroup") && (v2 || is_listed(options, controller)) &&
	       sscanf(line, "%*s %*s %*s %1023s %255s", root, top) == 2 &&
	       strncmp(root, "/..", 3) != 0;
}

/* What is mounted may be a group below the hierarchy's root: the rest of our path is within it. */
static bool find_mount(const char *controller, const char *path, struct cgroup_place *g)
{
	char *text = io_read_file("/proc/self/mountinfo"), *rest = text, *line, root[1024];
	size_t len;
	bool found = false;

	while (!found && (line = strsep(&rest, "\n")))
		found = read_mount(line, controller, g->v2, root, g->top);
	free(text);
	if (!found)
		return false;
	len = strcmp(root, "/") ? strlen(root) : 0;
	if (strncmp(path, root, len) || !strncmp(path, "/..", 3))
		path = "";
	else
		path += len;
	snprintf(g->folder, sizeof(g->folder), "%s%s", g->top, strcmp(path, "/") ? path : "");
	return true;
}

bool cgroup_find(const char *controller, struct cgroup_place *g)
{
	char *path = own_path(controller, &g->v2);
	bool found = path && find_mount(controller, path, g);

	free(path);
	return found;
}

/* From the group to the one above it. False at the top. */
static bool go_up(struct cgroup_place *g)
{
	if (!strcmp(g->folder, g->top))
		return false;
	*strrchr(g->folder, '/') = '\0';
	return true;
}

/* The number behind the key in a file of the group, or its first; dflt if it is none ("max"). */
static uint64_t read_number(const struct cgroup_place *g, const char *file, const char *key,
			    uint64_t dflt)
{
	char *text = io_read_filef("%s/%s", g->folder, file), *at = text, *end;
	size_t len = key ? strlen(key) : 0;
	uint64_t number;

	while (at && key && (strncmp(at, key, len) || at[len] != ' ')) {
		at = strchr(at, '\n');
		at += !!at;
	}
	number = at ? strtoull(at + len, &end, 10) : 0;
	if (!at || end == at + len)
		number = dflt;
	free(text);
	return number;
}

static double quota_v2(const struct cgroup_place *g)
{
	char *text = io_read_filef("%s/cpu.max", g->folder);
	double quota = 0, period = 1;

	if (!text || sscanf(text, "%lf %lf", &quota, &period) != 2)
		quota = 0;
	free(text);
	return quota / period;
}

/* "No quota" is -1. */
static double quota_v1(const struct cgroup_place *g)
{
	int64_t quota = (int64_t)read_number(g, "cpu.cfs_quota_us", NULL, 0);

	return quota < 0
		       ? 0
		       : (double)quota / (double)read_number(g, "cpu.cfs_period_us", NULL, 100000);
}

double cgroup_cpu_max(void)
{
	double least = 0, here;
	struct cgroup_place g;

	if (!cgroup_find("cpu", &g))
		return 0;
	do {
		here = g.v2 ? quota_v2(&g) : quota_v1(&g);
		if (here > 0 && (least == 0 || here < least))
			least = here;
	} while (go_up(&g));
	return least;
}

struct cgroup_held cgroup_held(void)
{
	struct cgroup_held held = {0};
	struct cgroup_place g;

	if (!cgroup_find("cpu", &g))
		return held;
	do {
		held.periods += read_number(&g, "cpu.stat", "nr_throttled", 0);
		held.ns += g.v2 ? read_number(&g, "cpu.stat", "throttled_usec", 0) * 1000
				: read_number(&g, "cpu.stat", "throttled_time", 0);
	} while (go_up(&g));
	return held;
}

/* Files that only the root of a hierarchy has, or has not. */
bool cgroup_is_root(const char *folder, bool v2)
{
	char path[1320];

	snprintf(path, sizeof(path), "%s/%s", folder, v2 ? "cgroup.type" : "release_agent");
	return access(path, F_OK) ? v2 : !v2;
}

static bool is_root(const struct cgroup_place *g)
{
	return cgroup_is_root(g->folder, g->v2);
}

/* A group of v2 that has no memory controller of its own is charged as the one above it. */
static bool has_memory(const struct cgroup_place *g)
{
	return !g->v2 || read_number(g, "memory.current", NULL, CGROUP_NO_LIMIT) != CGROUP_NO_LIMIT;
}

/*
 * Where nothing is mounted the path tells, unless it is told to a container. Where nobody has ever
 * mounted anything, as in a guest, there is no path.
 */
static const char *memory_by_path(void)
{
	char name[64] = "", *path;
	bool v2, is_top;

	if (readlink("/proc/self/ns/cgroup", name, sizeof(name) - 1) < 0 ||
	    strcmp(name, INIT_NAMESPACE))
		return NULL;
	path = own_path("memory", &v2);
	is_top = !path || !strcmp(path, "/");
	free(path);
	return is_top ? "root" : NULL;
}

bool cgroup_charges_hugetlb(void)
{
	char *text = io_read_file("/proc/self/mountinfo"), *rest = text, *line, root[1024],
	     top[256];
	struct cgroup_place g;
	bool v2 = cgroup_find("memory", &g) && g.v2, charges = false;

	while (v2 && !charges && (line = strsep(&rest, "\n")))
		charges = read_mount(line, NULL, true, root, top) &&
			  is_listed(strrchr(line, ' ') + 1, "memory_hugetlb_accounting");
	free(text);
	return charges;
}

const char *cgroup_memory(void)
{
	struct cgroup_place g;

	if (!cgroup_find("memory", &g))
		return memory_by_path();
	while (!has_memory(&g))
		if (!go_up(&g))
			return is_root(&g) ? "root" : NULL;
	return is_root(&g) ? "root" : "nested";
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t limit_of(const struct cgroup_place *g)
{
	if (!g->v2)
		return read_number(g, "memory.limit_in_bytes", NULL, CGROUP_NO_LIMIT);
	return smaller(read_number(g, "memory.max", NULL, CGROUP_NO_LIMIT),
		       read_number(g, "memory.high", NULL, CGROUP_NO_LIMIT));
}

/* v1 writes "no limit" as the largest page-aligned long. */
static bool is_limit(uint64_t limit)
{
	return limit < 1ULL << 60;
}

uint64_t cgroup_memory_max(void)
{
	uint64_t least = CGROUP_NO_LIMIT;
	struct cgroup_place g;

	if (!cgroup_find("memory", &g))
		return least;
	do
		least = smaller(least, limit_of(&g));
	while (go_up(&g));
	return is_limit(least) ? least : CGROUP_NO_LIMIT;
}

/* What there is left of a limit, used less what can be given back at once. */
static uint64_t left_of(uint64_t limit, uint64_t used, uint64_t back)
{
	used -= smaller(used, back);
	if (!is_limit(limit))
		return CGROUP_NO_LIMIT;
	return limit - smaller(limit, used);
}

/* Pages of files, but not those of a tmpfs, which are among the files' in no list. */
static uint64_t given_back(const struct cgroup_place *g)
{
	static const char *const keys[2][3] = {
		{"total_inactive_file", "total_active_file", NULL},
		{"inactive_file", "active_file", "slab_reclaimable"},
	};
	uint64_t sum = 0;
	int i;

	for (i = 0; i < 3; i++)
		if (keys[g->v2][i])
			sum += read_number(g, "memory.stat", keys[g->v2][i], 0);
	return sum;
}

static uint64_t charged_to(const struct cgroup_place *g)
{
	return read_number(g, g->v2 ? "memory.current" : "memory.usage_in_bytes", NULL, 0);
}

uint64_t cgroup_memory_charged(void)
{
	struct cgroup_place g;

	return cgroup_find("memory", &g) ? charged_to(&g) : 0;
}

static uint64_t memory_left(const struct cgroup_place *g, const char *kind)
{
	(void)kind;
	return left_of(limit_of(g), charged_to(g), given_back(g));
}

/* v1 has no limit of swap alone, but one of both. */
static uint64_t swap_left(const struct cgroup_place *g, const char *kind)
{
	uint64_t limit, both;

	(void)kind;
	if (g->v2)
		return left_of(read_number(g, "memory.swap.max", NULL, CGROUP_NO_LIMIT),
			       read_number(g, "memory.swap.current", NULL, 0), 0);
	both = read_number(g, "memory.memsw.limit_in_bytes", NULL, CGROUP_NO_LIMIT);
	limit = limit_of(g);
	return is_limit(both) ? both - smaller(both, limit) : CGROUP_NO_LIMIT;
}

static uint64_t kind_left(const struct cgroup_place *g, const char *kind, const char *max,
			  const char *current)
{
	char limit[64], used[64];

	snprintf(limit, sizeof(limit), "%s.%s", kind, max);
	snprintf(used, sizeof(used), "%s.%s", kind, current);
	return left_of(read_number(g, limit, NULL, CGROUP_NO_LIMIT), read_number(g, used, NULL, 0),
		       0);
}

static uint64_t tasks_left(const struct cgroup_place *g, const char *kind)
{
	return kind_left(g, kind, "max", "current");
}

/* Of those that are used, and of those that are reserved by a mapping. */
static uint64_t hugetlb_left(const struct cgroup_place *g, const char *kind)
{
	if (g->v2)
		return smaller(kind_left(g, kind, "max", "current"),
			       kind_left(g, kind, "rsvd.max", "rsvd.current"));
	return smaller(kind_left(g, kind, "limit_in_bytes", "usage_in_bytes"),
		       kind_left(g, kind, "rsvd.limit_in_bytes", "rsvd.usage_in_bytes"));
}

/* kind: how names of files begin. */
static uint64_t least_left(const char *controller, const char *kind,
			   uint64_t (*left)(const struct cgroup_place *g, const char *kind))
{
	uint64_t least = CGROUP_NO_LIMIT;
	struct cgroup_place g;

	if (!cgroup_find(controller, &g))
		return least;
	do
		least = smaller(least, left(&g, kind));
	while (go_up(&g));
	return least;
}

uint64_t cgroup_memory_room(void)
{
	return least_left("memory", "memory", memory_left);
}

uint64_t cgroup_swap_room(void)
{
	return least_left("memory", "memory", swap_left);
}

uint64_t cgroup_hugetlb_room(uint64_t page)
{
	unsigned int unit = page >> 30 ? 30 : page >> 20 ? 20 : 10;
	char kind[48];

	snprintf(kind, sizeof(kind), "hugetlb.%u%cB", (unsigned int)(page >> unit),
		 unit == 30   ? 'G'
		 : unit == 20 ? 'M'
			      : 'K');
	return least_left("hugetlb", kind, hugetlb_left);
}

uint64_t cgroup_tasks_room(void)
{
	return least_left("pids", "pids", tasks_left);
}
