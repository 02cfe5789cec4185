// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/harness/machine/facts_part.h"
#include "common/io.h"

#define MM  "/sys/kernel/mm/"
#define THP MM "transparent_hugepage/"
#define VM  "/proc/sys/vm/"

static const struct fact_file files[] = {
	{"thp.enabled", THP "enabled", FACT_CHOICE, false},
	{"thp.defrag", THP "defrag", FACT_CHOICE, false},
	{"thp.use_zero_page", THP "use_zero_page", FACT_NUMBER, false},
	{"thp.pmd_size", THP "hpage_pmd_size", FACT_NUMBER, false},
	{"thp.khugepaged_defrag", THP "khugepaged/defrag", FACT_NUMBER, false},
	{"thp.khugepaged_scan_sleep_ms", THP "khugepaged/scan_sleep_millisecs", FACT_NUMBER, false},
	{"mthp.*", THP "hugepages-*/enabled", FACT_CHOICE, false},
	{"ksm.run", MM "ksm/run", FACT_NUMBER, false},
	{"lru_gen.enabled", MM "lru_gen/enabled", FACT_TEXT, false},
	{"zswap.enabled", "/sys/module/zswap/parameters/enabled", FACT_TEXT, false},
	{"numa.with_memory", "/sys/devices/system/node/has_memory", FACT_TEXT, false},
	{"sysctl.vm.swappiness", VM "swappiness", FACT_NUMBER, false},
	{"sysctl.vm.overcommit_memory", VM "overcommit_memory", FACT_NUMBER, false},
	{"sysctl.vm.max_map_count", VM "max_map_count", FACT_NUMBER, false},
	{"sysctl.vm.zone_reclaim_mode", VM "zone_reclaim_mode", FACT_NUMBER, false},
	{"sysctl.vm.percpu_pagelist_high_fraction", VM "percpu_pagelist_high_fraction", FACT_NUMBER,
	 false},
	{"sysctl.vm.compaction_proactiveness", VM "compaction_proactiveness", FACT_NUMBER, false},
	{"sysctl.vm.unprivileged_userfaultfd", VM "unprivileged_userfaultfd", FACT_NUMBER, false},
};

static const struct fact_key meminfo_keys[] = {
	{"mem.total_kB", "MemTotal", FACT_NUMBER},
	{"mem.available_kB", "MemAvailable", FACT_NUMBER},
	{"mem.ballooned_kB", "Balloon", FACT_NUMBER},
	{"swap.total_kB", "SwapTotal", FACT_NUMBER},
	{"hugetlb.total", "HugePages_Total", FACT_NUMBER},
	{"hugetlb.free", "HugePages_Free", FACT_NUMBER},
	{"hugetlb.size_kB", "Hugepagesize", FACT_NUMBER},
};

static void put_meminfo(struct facts *f)
{
	char *text = io_read_file("/proc/meminfo"), *total, *left;

	if (!text) {
		facts_missed(f, "mem.total_kB", errno, true);
		return;
	}
	facts_keys(f, text, meminfo_keys, FACTS_NR(meminfo_keys));
	total = facts_line(text, "SwapTotal");
	left = facts_line(text, "SwapFree");
	if (total && left)
		facts_number(f, "swap.used_kB", atoll(total) - atoll(left));
	free(total);
	free(left);
	free(text);
}

static uint64_t limit_v2(const char *mount, const char *path)
{
	char *text = io_read_filef("%s%s/memory.max", mount, path);
	uint64_t limit = text && strcmp(text, "max") ? strtoull(text, NULL, 10) : UINT64_MAX;

	free(text);
	return limit;
}

/* The kernel has already taken the smallest of the ancestors' limits here. */
static uint64_t limit_v1(const char *mount, const char *path)
{
	char *text = io_read_filef("%s%s/memory.stat", mount, path);
	char *line = text ? strstr(text, "hierarchical_memory_limit ") : NULL;
	uint64_t limit = line ? strtoull(strchr(line, ' '), NULL, 10) : UINT64_MAX;

	free(text);
	return limit;
}

/*
 * The smallest limit of a cgroup and its ancestors. In a container the path may be the host's
 * and not exist; what can be seen are then the last steps of the walk.
 */
static uint64_t smallest(uint64_t (*limit)(const char *, const char *), const char *mount,
			 const char *path)
{
	char *left = strdup(path), *slash = left + strlen(left);
	uint64_t least = UINT64_MAX, here;

	while (slash) {
		*slash = '\0';
		here = limit(mount, left);
		if (here < least)
			least = here;
		slash = strrchr(left, '/');
	}
	free(left);
	return least;
}

/* Lines of /proc/self/cgroup are "0::PATH" for v2 and "N:CONTROLLERS:PATH" for v1. */
static uint64_t limit_of_line(char *line)
{
	char *controllers = strchr(line, ':'), *path;
	uint64_t a, b;

	path = controllers ? strchr(++controllers, ':') : NULL;
	if (!path)
		return UINT64_MAX;
	*path++ = '\0';
	if (!strcmp(controllers, "memory"))
		return smallest(limit_v1, "/sys/fs/cgroup/memory", path);
	if (*controllers)
		return UINT64_MAX;
	a = smallest(limit_v2, "/sys/fs/cgroup", path);
	b = smallest(limit_v2, "/sys/fs/cgroup/unified", path);
	return a < b ? a : b;
}

/* v1 writes "no limit" as the largest page-aligned long. */
static void put_cgroup(struct facts *f)
{
	char *text = io_read_file("/proc/self/cgroup"), *rest = text, *line;
	uint64_t least = UINT64_MAX, limit;

	while ((line = strsep(&rest, "\n"))) {
		limit = limit_of_line(line);
		if (limit < least)
			least = limit;
	}
	free(text);
	if (least < (1ULL << 60))
		facts_number(f, "cgroup.memory_max_kB", (long long)(least >> 10));
}

void facts_memory(struct facts *f)
{
	facts_number(f, "mem.page_size", sysconf(_SC_PAGESIZE));
	put_meminfo(f);
	put_cgroup(f);
	facts_files(f, files, FACTS_NR(files));
}
