/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Performance monitoring units, as /sys/bus/event_source/devices has them (the kernel's
 * Documentation/ABI/testing/sysfs-bus-event_source-devices-format and -events).
 */
#ifndef BENCH_HARNESS_KERNEL_PMU_H
#define BENCH_HARNESS_KERNEL_PMU_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PMU_DEVICES "/sys/bus/event_source/devices"

#define PMU_MAX_CORES 8

struct pmu {
	char name[64];
	uint32_t type;	 /* of perf_event_attr */
	char cpus[256];	 /* a list: of cores, those it counts; else, those that stand for all; or ""
			  */
	bool everywhere; /* it counts what the whole machine does, or a part that several cores
			    share */
};

bool pmu_find(const char *devices, const char *name, struct pmu *ret);

/*
 * The PMUs of cores where each has CPUs of its own, one for each kind of core. Returns how many; of
 * a machine whose only one counts on all CPUs there can be none.
 */
size_t pmu_cores(const char *devices, struct pmu ret[PMU_MAX_CORES]);

/* Whether a CPU is in the list of its. */
bool pmu_has_cpu(const struct pmu *pmu, int cpu);

/*
 * An event as perf names it, "PMU/TERM,TERM.../MODIFIERS": a term is an event or a field of the
 * PMU's, or config, config1, config2; of fields with =NUMBER, by itself 1; modifiers are of u, k,
 * h. Fills type, config* and exclude_* of a cleared attr. False with the reason.
 */
bool pmu_encode(const char *devices, const char *name, struct pmu *ret_pmu,
		struct perf_event_attr *attr, char *why, size_t room);

#endif
