// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/allowed.h"

#include <hwloc/glibc-sched.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"

static hwloc_bitmap_t affinity(void)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	cpu_set_t cpus;

	if (!sched_getaffinity(0, sizeof(cpus), &cpus))
		hwloc_cpuset_from_glibc_sched_affinity(NULL, set, &cpus, sizeof(cpus));
	return set;
}

/* Asking for all gives those that the cpuset has and that are online. */
static hwloc_bitmap_t settable(void)
{
	hwloc_bitmap_t set;
	cpu_set_t own, all;

	memset(&all, 0xff, sizeof(all));
	if (sched_getaffinity(0, sizeof(own), &own) || sched_setaffinity(0, sizeof(all), &all))
		return affinity();
	set = affinity();
	sched_setaffinity(0, sizeof(own), &own);
	return set;
}

static hwloc_bitmap_t read_list(const char *path)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	char *text = io_read_file(path);

	if (text && *text)
		hwloc_bitmap_list_sscanf(set, text);
	free(text);
	return set;
}

struct allowed allowed_read(void)
{
	struct allowed a = {
		.by_name = affinity(),
		.at_all = settable(),
		.isolated = read_list("/sys/devices/system/cpu/isolated"),
	};
	hwloc_bitmap_t others = hwloc_bitmap_alloc();

	hwloc_bitmap_and(a.isolated, a.isolated, a.at_all);
	hwloc_bitmap_andnot(others, a.at_all, a.isolated);
	/* What all have, less nothing: nobody has taken any. */
	if (hwloc_bitmap_isequal(a.by_name, others))
		hwloc_bitmap_copy(a.by_name, a.at_all);
	hwloc_bitmap_free(others);
	return a;
}

void allowed_free(struct allowed *a)
{
	hwloc_bitmap_free(a->by_name);
	hwloc_bitmap_free(a->at_all);
	hwloc_bitmap_free(a->isolated);
}

unsigned int allowed_count(void)
{
	struct allowed a = allowed_read();
	int count = hwloc_bitmap_weight(a.at_all);

	allowed_free(&a);
	return count > 0 ? (unsigned int)count : 1;
}
