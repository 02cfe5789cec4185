// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/place.h"

#include <hwloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pu {
	int cpu;	       /* the system's number */
	int core, node, cache; /* hwloc's logical numbers; 0 where there is no such level */
	int rank;	       /* which of its core's hardware threads, from 0 */
	int turn;	       /* position among the cores of its node, for spread */
};

unsigned int place_allowed_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : (unsigned int)CPU_COUNT(&set);
}

static int level(hwloc_topology_t topology, hwloc_obj_t pu, hwloc_obj_type_t type)
{
	hwloc_obj_t obj = hwloc_get_ancestor_obj_by_type(topology, type, pu);

	return obj ? (int)obj->logical_index : 0;
}

static int node_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t node = NULL;

	while ((node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node)))
		if (hwloc_bitmap_isset(node->cpuset, pu->os_index))
			return (int)node->logical_index;
	return 0;
}

/* All allowed hardware threads, in hwloc's order; malloc'ed. */
static struct pu *read_topology(unsigned int *ret_nr)
{
	hwloc_topology_t topology;
	hwloc_obj_t obj = NULL;
	struct pu *pus = NULL;
	unsigned int nr = 0, i;
	cpu_set_t set;

	*ret_nr = 0;
	if (hwloc_topology_init(&topology))
		return NULL;
	if (hwloc_topology_load(topology) || sched_getaffinity(0, sizeof(set), &set))
		goto out;
	pus = calloc((size_t)hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU) + 1, sizeof(*pus));
	while (pus && (obj = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_PU, obj))) {
		if (!CPU_ISSET(obj->os_index, &set))
			continue;
		pus[nr] = (struct pu){
			.cpu = (int)obj->os_index,
			.core = level(topology, obj, HWLOC_OBJ_CORE),
			.cache = level(topology, obj, HWLOC_OBJ_L3CACHE),
			.node = node_of(topology, obj),
		};
		for (i = 0; i < nr; i++)
			pus[nr].rank += pus[i].core == pus[nr].core;
		for (i = 0; i < nr; i++)
			pus[nr].turn += pus[i].node == pus[nr].node && !pus[i].rank;
		nr++;
	}
	*ret_nr = nr;
out:
	hwloc_topology_destroy(topology);
	return pus;
}

static int by_core(const void *a, const void *b)
{
	const struct pu *x = a, *y = b;

	return x->core != y->core ? x->core - y->core : x->rank - y->rank;
}

static int by_turn(const void *a, const void *b)
{
	const struct pu *x = a, *y = b;

	return x->turn != y->turn ? x->turn - y->turn : x->node - y->node;
}

static int by_rank(const void *a, const void *b)
{
	const struct pu *x = a, *y = b;

	return x->rank != y->rank ? x->rank - y->rank : x->core - y->core;
}

/* Keeps the threads of the cache that has most of them. Returns how many that are. */
static unsigned int keep_one_cache(struct pu *pus, unsigned int nr)
{
	unsigned int i, k, here, most = 0, kept = 0;
	int cache = 0;

	for (i = 0; i < nr; i++) {
		here = 0;
		for (k = 0; k < nr; k++)
			here += pus[k].cache == pus[i].cache;
		if (here > most) {
			most = here;
			cache = pus[i].cache;
		}
	}
	for (i = 0; i < nr; i++)
		if (pus[i].cache == cache)
			pus[kept++] = pus[i];
	return kept;
}

static unsigned int keep_first_threads(struct pu *pus, unsigned int nr)
{
	unsigned int i, kept = 0;

	for (i = 0; i < nr; i++)
		if (!pus[i].rank)
			pus[kept++] = pus[i];
	return kept;
}

/* "list:0:2:4" */
static bool place_list(const char *list, unsigned int nr, int *cpus, char *why, size_t room)
{
	unsigned int i = 0;
	cpu_set_t set;
	char *end;
	long cpu;

	sched_getaffinity(0, sizeof(set), &set);
	for (; i < nr && *list == ':'; i++, list = end) {
		cpu = strtol(list + 1, &end, 10);
		if (cpu < 0 || cpu >= CPU_SETSIZE || !CPU_ISSET((size_t)cpu, &set)) {
			snprintf(why, room, "CPU %ld is not one this process may use", cpu);
			return false;
		}
		cpus[i] = (int)cpu;
	}
	if (i < nr)
		snprintf(why, room, "%u workers, but place lists %u CPUs", nr, i);
	return i == nr;
}

bool place_workers(const char *how, unsigned int nr, int *cpus, char *why, size_t room)
{
	unsigned int have, i;
	struct pu *pus;

	if (!strcmp(how, "none")) {
		for (i = 0; i < nr; i++)
			cpus[i] = -1;
		return true;
	}
	if (!strncmp(how, "list", 4))
		return place_list(how + 4, nr, cpus, why, room);
	pus = read_topology(&have);
	if (!strcmp(how, "cache"))
		have = keep_one_cache(pus, have);
	else if (strcmp(how, "smt"))
		have = keep_first_threads(pus, have);
	if (pus)
		qsort(pus, have, sizeof(*pus),
		      !strcmp(how, "spread")  ? by_turn
		      : !strcmp(how, "cache") ? by_rank
					      : by_core);
	for (i = 0; i < nr && i < have; i++)
		cpus[i] = pus[i].cpu;
	free(pus);
	if (have < nr)
		snprintf(why, room,
			 "%u workers, but place=%s has %u CPUs here (place=none allows more)", nr,
			 how, have);
	return have >= nr;
}
