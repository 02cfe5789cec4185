// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/harness/kernel/cgroup.h"
#include "bench/harness/kernel/damon.h"
#include "bench/harness/machine/facts_part.h"
#include "bench/services/swap.h"
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

static void put_cgroup(struct facts *f)
{
	uint64_t limit = cgroup_memory_max();

	if (cgroup_memory())
		facts_text(f, "cgroup.memory", cgroup_memory());
	if (limit != CGROUP_NO_LIMIT)
		facts_number(f, "cgroup.memory_max_kB", (long long)(limit >> 10));
	if (cgroup_cpu_max() > 0)
		facts_real(f, "cgroup.cpu_max", cgroup_cpu_max());
}

void facts_memory(struct facts *f)
{
	facts_number(f, "mem.page_size", sysconf(_SC_PAGESIZE));
	put_meminfo(f);
	put_cgroup(f);
	facts_files(f, files, FACTS_NR(files));
	facts_number(f, "damon.threads", damon_threads());
	if (facts_seen(f, "zswap.enabled"))
		facts_text(f, "zswap.since_start", swap_had_zswap() ? "has been on" : "off");
}
