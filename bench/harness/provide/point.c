// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/point.h"

#include <numa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/harness/kernel/cgroup.h"
#include "bench/harness/provide/file_folios.h"
#include "bench/harness/provide/folio_orders.h"
#include "bench/harness/provide/limits.h"
#include "bench/harness/provide/memcg.h"
#include "bench/harness/provide/needs.h"
#include "bench/harness/provide/place.h"
#include "bench/services/run.h"
#include "common/io.h"
#include "common/units.h"

static const char *const kind_names[] = {
	[BENCH_SIZE] = "size",		 [BENCH_COUNT] = "count",   [BENCH_MS] = "ms",
	[BENCH_ORDER] = "order",	 [BENCH_CHOICE] = "choice", [BENCH_THREADS] = "threads",
	[BENCH_PROCESSES] = "processes", [BENCH_VMAS] = "vmas",	    [BENCH_LATENCY] = "latency",
	[BENCH_AROUND] = "around",
};

const char *point_kind_name(enum bench_kind kind)
{
	return kind_names[kind];
}

const struct bench_param *point_param(const struct bench *bench, enum bench_kind kind)
{
	const struct bench_param *p = bench ? bench->params : NULL;

	while (p && p->name && p->kind != kind)
		p++;
	return p && p->name ? p : NULL;
}

unsigned long point_needs(const struct bench_run *run)
{
	unsigned long more = run->bench->needs_more ? run->bench->needs_more(run) : 0;

	return run->bench->needs | run->variant->needs | more;
}

/* "pmd", or the bytes of a folio. */
static bool read_order(const char *text, long *ret, char *why, size_t room)
{
	int64_t bytes, pages;
	char page[UNITS_TEXT];

	*ret = ORDER_PMD;
	if (!strcmp(text, "pmd"))
		return true;
	if (!units_parse_bytes(text, &bytes))
		return false;
	pages = bytes / (int64_t)bench_page_size();
	*ret = pages > 0 ? 63 - __builtin_clzl((unsigned long)pages) : 1;
	if (*ret != 1 && (int64_t)bench_page_size() << *ret == bytes)
		return true;
	snprintf(why, room, "no folio of anonymous memory has %s with pages of %s", text,
		 units_bytes((int64_t)bench_page_size(), page));
	return false;
}

bool point_is_tacit(const struct bench *bench, const struct bench_param *param)
{
	return bench->tacit && param >= &bench->params[bench->tacit];
}

static bool read_value(const struct bench_param *param, const json_t *json, long *ret, char *why,
		       size_t room)
{
	unsigned int i;

	snprintf(why, room, "parameter %s is missing or out of range", param->name);
	if (param->kind == BENCH_ORDER && json_is_string(json))
		return read_order(json_string_value(json), ret, why, room);
	if (param->kind != BENCH_CHOICE) {
		*ret = json_integer_value(json);
		return json_is_integer(json) && *ret >= param->min && *ret <= param->max;
	}
	for (i = 0; param->choices[i] && json_is_string(json); i++) {
		if (!strcmp(param->choices[i], json_string_value(json))) {
			*ret = i;
			return true;
		}
	}
	return false;
}

/* "none", "group", "nested:N", or NULL: it is as it comes. */
static bool read_groups(struct bench_run *run, const char *text, char *why, size_t room)
{
	int64_t levels = 1;

	if (!text)
		return true;
	if (!strcmp(text, "none"))
		levels = GROUPS_NONE;
	else if (strcmp(text, "group") && (strncmp(text, "nested:", 7) ||
					   !units_parse_int(text + 7, 1, MEMCG_MOST, &levels))) {
		snprintf(why, room, "memcg %s is none that this worker has", text);
		return false;
	}
	run->groups = (int)levels;
	return true;
}

const struct bench *point_bench(const json_t *point)
{
	const char *name = json_string_value(json_object_get(point, "bench"));
	unsigned int i;

	for (i = 0; name && bench_list[i]; i++)
		if (!strcmp(bench_list[i]->name, name))
			return bench_list[i];
	return NULL;
}

bool point_read(struct bench_run *run, const json_t *point, char *why, size_t room)
{
	const char *bench = json_string_value(json_object_get(point, "bench"));
	const char *variant = json_string_value(json_object_get(point, "variant"));
	const struct bench_variant *v;
	const struct bench_param *p;
	unsigned int i;

	*run = (struct bench_run){.bench = point_bench(point), .processes = 1, .node = -1};
	for (v = run->bench ? run->bench->variants : NULL; v && v->name; v++)
		if (variant && !strcmp(v->name, variant))
			run->variant = v;
	if (!run->variant) {
		snprintf(why, room, "this worker has no benchmark %s/%s", bench, variant);
		return false;
	}
	run->kind = run->variant->data;
	for (i = 0; run->bench->params[i].name; i++) {
		p = &run->bench->params[i];
		if (!json_object_get(point, p->name) && point_is_tacit(run->bench, p))
			run->value[i] = atol(p->value);
		else if (!read_value(p, json_object_get(point, p->name), &run->value[i], why, room))
			return false;
		if (p->kind == BENCH_THREADS)
			run->threads += (unsigned int)run->value[i];
		if (p->kind == BENCH_PROCESSES)
			run->processes = (unsigned int)run->value[i];
	}
	if (json_object_get(point, "node"))
		run->node = (int)json_integer_value(json_object_get(point, "node"));
	if (!read_groups(run, json_string_value(json_object_get(point, "memcg")), why, room))
		return false;
	run->sharers = (unsigned int)json_integer_value(json_object_get(point, "sharers"));
	/* A family without threads as a parameter has one worker. */
	if (point_value(run, BENCH_THREADS, -1) < 0)
		run->threads = 1;
	return true;
}

#define MOMENTS 20 /* a second */

/* What an io_uring had pinned comes back some time after its process has ended: the run before. */
static bool memory_suffices(const struct bench_run *run, char *why, size_t room)
{
	const struct timespec moment = {.tv_nsec = 50000000};
	bool waiting = run_memory(run) <= io_meminfo("MemTotal:");
	char need[UNITS_TEXT], available[UNITS_TEXT];
	size_t have;
	int i;

	for (i = 0; i == 0 || (waiting && i < MOMENTS); i++) {
		if (run_memory_suffices(run, &have))
			return true;
		nanosleep(&moment, NULL);
	}
	snprintf(why, room, "needs %s of memory, and 64M for itself: there are %s available",
		 units_bytes((int64_t)(run_memory(run) >> 20 << 20), need),
		 units_bytes((int64_t)(have >> 20 << 20), available));
	return false;
}

/* The node must be there, and have memory that this process may use. */
static bool node_exists(int node, char *why, size_t room)
{
	if (node < 0 || (numa_available() == 0 && node <= numa_max_node() &&
			 numa_bitmask_isbitset(numa_get_mems_allowed(), (unsigned int)node)))
		return true;
	snprintf(why, room, "there is no NUMA node %d with memory here", node);
	return false;
}

/* Those a process has anyway, of the program and its libraries, are far fewer than 500. */
static bool vmas_allowed(const struct bench_run *run, char *why, size_t room)
{
	char *text = io_read_file("/proc/sys/vm/max_map_count");
	long wanted = point_value(run, BENCH_VMAS, 0), most = text ? atol(text) : LONG_MAX;

	free(text);
	if (wanted <= most - 500)
		return true;
	snprintf(why, room,
		 "needs leave for %ld VMAs beside 500 of the process's own: sysctl "
		 "vm.max_map_count is %ld",
		 wanted, most);
	return false;
}

static bool groups_possible(const struct bench_run *run, char *why, size_t room)
{
	char path[MEMCG_PATH];
	struct memcg group;

	if (run->groups > 0 && point_needs(run) & (NEED_HUGETLB | NEED_HUGETLB_PUD) &&
	    !cgroup_charges_hugetlb()) {
		snprintf(why, room,
			 "needs hugetlb pages that are charged as other memory is: cgroup2 mounted "
			 "with memory_hugetlb_accounting (6.7)");
		return false;
	}
	return !run->groups ||
	       (run->groups == GROUPS_NONE ? memcg_plan_none(path, why, room)
					   : memcg_plan(&group, run->groups, why, room));
}

bool point_enable_order(const struct bench_run *run, bool only_ask, char *why, size_t room)
{
	int order = (int)point_value(run, BENCH_ORDER, 0);
	unsigned long needs = point_needs(run);

	/* No switch is about those. */
	if (needs & NEED_FILE_ORDER)
		return !only_ask || file_folios_are(order, why, room);
	return needs & NEED_SHMEM_ORDER ? thp_enable_shmem(order, only_ask, why, room)
					: thp_enable(order, only_ask, why, room);
}

bool point_possible(const struct bench_run *run, const char *place, char *why, size_t room)
{
	unsigned int workers = run->threads * run->processes;
	size_t size = (size_t)point_value(run, BENCH_SIZE, 0);
	int *cpus = calloc(workers, sizeof(*cpus));
	bool ok;

	ok = cpus && needs_met(point_needs(run), size, why, room) &&
	     memory_suffices(run, why, room) && limits_allow(run, point_needs(run), why, room) &&
	     node_exists(run->node, why, room) && groups_possible(run, why, room) &&
	     vmas_allowed(run, why, room) && place_workers(place, workers, cpus, why, room) &&
	     point_enable_order(run, true, why, room);
	free(cpus);
	return ok;
}
