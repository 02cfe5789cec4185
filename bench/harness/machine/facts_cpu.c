// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <hwloc.h>
#include <perfmon/pfmlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/harness/machine/facts_part.h"
#include "bench/harness/machine/host.h"
#include "common/io.h"
#include "common/units.h"

#define CPU    "/sys/devices/system/cpu/"
#define POLICY CPU "cpufreq/policy*/"

static const struct fact_file files[] = {
	{"cpu.online", CPU "online", FACT_TEXT, false},
	{"cpu.isolated", CPU "isolated", FACT_TEXT, false},
	{"cpu.nohz_full", CPU "nohz_full", FACT_TEXT, false},
	{"cpu.smt_active", CPU "smt/active", FACT_NUMBER, false},
	{"cpu.smt_control", CPU "smt/control", FACT_TEXT, false},
	{"cpu.governor", POLICY "scaling_governor", FACT_TEXT, false},
	{"cpu.freq_driver", POLICY "scaling_driver", FACT_TEXT, false},
	{"cpu.freq_min_kHz", POLICY "cpuinfo_min_freq", FACT_NUMBER, false},
	{"cpu.freq_max_kHz", POLICY "cpuinfo_max_freq", FACT_NUMBER, false},
	{"cpu.freq_allowed_min_kHz", POLICY "scaling_min_freq", FACT_NUMBER, false},
	{"cpu.freq_allowed_max_kHz", POLICY "scaling_max_freq", FACT_NUMBER, false},
	{"cpu.energy_preference", POLICY "energy_performance_preference", FACT_TEXT, false},
	{"cpu.boost", CPU "cpufreq/boost", FACT_NUMBER, false},
	{"cpu.no_turbo", CPU "intel_pstate/no_turbo", FACT_NUMBER, false},
	{"cpu.intel_pstate", CPU "intel_pstate/status", FACT_TEXT, false},
	{"cpu.amd_pstate", CPU "amd_pstate/status", FACT_TEXT, false},
	{"cpu.idle_driver", CPU "cpuidle/current_driver", FACT_TEXT, false},
	{"cpu.idle_governor", CPU "cpuidle/current_governor", FACT_TEXT, false},
	{"mitigation.*", CPU "vulnerabilities/*", FACT_TEXT, false},
	{"machine.vendor", "/sys/class/dmi/id/sys_vendor", FACT_TEXT, false},
	{"machine.model", "/sys/class/dmi/id/product_name", FACT_TEXT, false},
	{"machine.bios", "/sys/class/dmi/id/bios_version", FACT_TEXT, false},
	{"machine.model", "/sys/firmware/devicetree/base/model", FACT_TEXT, false},
};

/* Lines of /proc/cpuinfo; each architecture has its own. */
static const struct fact_key cpuinfo_keys[] = {
	{"cpu.model", "model name", FACT_TEXT}, /* x86 */
	{"cpu.vendor", "vendor_id", FACT_TEXT},
	{"cpu.family", "cpu family", FACT_NUMBER},
	{"cpu.model_number", "model", FACT_NUMBER},
	{"cpu.stepping", "stepping", FACT_NUMBER},
	{"cpu.microcode", "microcode", FACT_TEXT},
	{"cpu.implementer", "CPU implementer", FACT_TEXT}, /* arm64 */
	{"cpu.part", "CPU part", FACT_TEXT},
	{"cpu.variant", "CPU variant", FACT_TEXT},
	{"cpu.revision", "CPU revision", FACT_TEXT},
};

/* libpfm4 knows a core by its number even where the PMU itself is hidden from a guest. */
static void put_pmu(struct facts *f)
{
	pfm_pmu_info_t info;
	int i;

	if (pfm_initialize() != PFM_SUCCESS)
		return;
	for (i = PFM_PMU_NONE; i < PFM_PMU_MAX; i++) {
		memset(&info, 0, sizeof(info));
		info.size = sizeof(info);
		if (pfm_get_pmu_info((pfm_pmu_t)i, &info) == PFM_SUCCESS && info.is_present &&
		    info.type == PFM_PMU_TYPE_CORE) {
			facts_text(f, "cpu.pmu", info.desc);
			return;
		}
	}
}

/* On arm64 /proc/cpuinfo has numbers only. */
static void put_model(struct facts *f)
{
	char text[160];
	const char *part = facts_seen(f, "cpu.part");
	const char *implementer = facts_seen(f, "cpu.implementer");
	const char *name =
		implementer && part ? host_core("", implementer, part, host_counter_hz()) : NULL;

	if (facts_seen(f, "cpu.model"))
		return;
	if (facts_seen(f, "cpu.pmu")) {
		facts_text(f, "cpu.model", facts_seen(f, "cpu.pmu"));
	} else if (name) {
		facts_text(f, "cpu.model", name);
	} else if (part && implementer) {
		snprintf(text, sizeof(text), "implementer %s part %s", implementer, part);
		facts_text(f, "cpu.model", text);
	} else {
		facts_missed(f, "cpu.model", ENODATA, true);
	}
}

/* Ticks are in units of USER_HZ; the eighth number of the first line is steal. */
static void put_steal(struct facts *f)
{
	char *text = io_read_file("/proc/stat");
	long long steal;

	if (text && sscanf(text, "cpu %*d %*d %*d %*d %*d %*d %*d %lld", &steal) == 1)
		facts_number(f, "cpu.steal_ms", steal * 1000 / sysconf(_SC_CLK_TCK));
	free(text);
}

static const struct {
	hwloc_obj_type_t type;
	const char *one, *many;
} levels[] = {
	{HWLOC_OBJ_PACKAGE, "package", "packages"},
	{HWLOC_OBJ_NUMANODE, "NUMA node", "NUMA nodes"},
	{HWLOC_OBJ_L3CACHE, "L3", "L3s"},
	{HWLOC_OBJ_CORE, "core", "cores"},
	{HWLOC_OBJ_PU, "PU", "PUs"},
};

/* The memory is the kernel's own sum: where it starts lazily, its nodes do not have theirs yet. */
static void describe(struct facts *f, hwloc_topology_t topology)
{
	hwloc_obj_t cache = hwloc_get_obj_by_type(topology, HWLOC_OBJ_L3CACHE, 0);
	json_int_t kB = json_integer_value(json_object_get(f->json, "mem.total_kB"));
	char text[256] = "", size[UNITS_TEXT];
	size_t i, used = 0;
	int n;

	for (i = 0; i < FACTS_NR(levels); i++) {
		n = hwloc_get_nbobjs_by_type(topology, levels[i].type);
		if (n <= 0)
			continue;
		used += (size_t)sprintf(text + used, "%s%d %s", used ? ", " : "", n,
					n == 1 ? levels[i].one : levels[i].many);
		if (levels[i].type == HWLOC_OBJ_L3CACHE && cache->attr->cache.size)
			used += (size_t)sprintf(text + used, " of %s",
						units_bytes((int64_t)cache->attr->cache.size,
							    size));
	}
	if (kB)
		sprintf(text + used, ", %.1f GiB", (double)kB / (1 << 20));
	facts_text(f, "topology", text);
	facts_number(f, "numa.nodes", hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE));
}

/* Where cores are of several kinds, the CPUs of each, slowest first: "0-3, 4-7". */
static void put_kinds(struct facts *f, hwloc_topology_t topology)
{
	int nr = hwloc_cpukinds_get_nr(topology, 0), i;
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	char text[512] = "";
	size_t used = 0;

	for (i = 0; i < nr && used + 128 < sizeof(text); i++) {
		used += (size_t)sprintf(text + used, "%s", i ? ", " : "");
		if (!hwloc_cpukinds_get_info(topology, (unsigned int)i, set, NULL, NULL, NULL, 0))
			used += (size_t)hwloc_bitmap_list_snprintf(text + used, 120, set);
	}
	if (nr > 1)
		facts_text(f, "cpu.kinds", text);
	hwloc_bitmap_free(set);
}

static void put_topology(struct facts *f)
{
	hwloc_topology_t topology;

	if (hwloc_topology_init(&topology))
		return;
	hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	if (hwloc_topology_load(topology)) {
		facts_missed(f, "topology", errno, true);
	} else {
		describe(f, topology);
		put_kinds(f, topology);
	}
	hwloc_topology_destroy(topology);
}

void facts_cpu(struct facts *f)
{
	char *text = io_read_file("/proc/cpuinfo");

	if (text)
		facts_keys(f, text, cpuinfo_keys, FACTS_NR(cpuinfo_keys));
	free(text);
	facts_files(f, files, FACTS_NR(files));
	facts_number(f, "cpu.online_count", sysconf(_SC_NPROCESSORS_ONLN));
	if (host_counter_hz())
		facts_number(f, "cpu.counter_Hz", (long long)host_counter_hz());
	put_pmu(f);
	put_model(f);
	put_steal(f);
	put_topology(f);
}
