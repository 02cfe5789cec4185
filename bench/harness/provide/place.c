// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pu {
	int cpu;	   /* the system's number */
	int core, node;	   /* hwloc's logical numbers; 0 where there is no such level */
	int kind;	   /* of its core; a larger number is a faster one */
	hwloc_obj_t group; /* what the placement keeps to one of; NULL if to none */
	bool isolated;
	int rank; /* which of its core's hardware threads, from 0 */
	int turn; /* position among the cores of its node, for spread */
};

static int by_core(const void *a, const void *b)
{
	const struct pu *x = a, *y = b;

	if (x->isolated != y->isolated)
		return y->isolated - x->isolated;
	return x->core != y->core ? x->core - y->core : x->rank - y->rank;
}

static int by_turn(const void *a, const void *b)
{
	const struct pu *x = a, *y = b;

	if (x->isolated != y->isolated)
		return y->isolated - x->isolated;
	return x->turn != y->turn ? x->turn - y->turn : x->node - y->node;
}

static int by_rank(const void *a, const void *b)
{
	const struct pu *x = a, *y = b;

	if (x->isolated != y->isolated)
		return y->isolated - x->isolated;
	return x->rank != y->rank ? x->rank - y->rank : x->core - y->core;
}

static hwloc_obj_t cache_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	int type;

	for (type = HWLOC_OBJ_L5CACHE; type >= HWLOC_OBJ_L1CACHE; type--)
		if (hwloc_get_nbobjs_by_type(topology, (hwloc_obj_type_t)type) > 0)
			return hwloc_get_ancestor_obj_by_type(topology, (hwloc_obj_type_t)type, pu);
	return NULL;
}

/* hwloc drops a cluster that is an L2 as well. Groups are also made for memory within a package. */
static hwloc_obj_t cluster_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t obj, l2 = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_L2CACHE, pu);

	for (obj = pu; obj && obj->type != HWLOC_OBJ_PACKAGE; obj = obj->parent)
		if (obj->type == HWLOC_OBJ_GROUP && !obj->memory_arity)
			return obj;
	if (l2 && hwloc_get_nbobjs_inside_cpuset_by_type(topology, l2->cpuset, HWLOC_OBJ_CORE) > 1)
		return l2;
	return NULL;
}

static hwloc_obj_t package_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	return hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_PACKAGE, pu);
}

/* A placement that has a name: within one of what, how many of a core, and in which order. */
static const struct way {
	const char *name;
	hwloc_obj_t (*within)(hwloc_topology_t topology, hwloc_obj_t pu);
	bool all_threads;
	int (*order)(const void *a, const void *b);
} ways[] = {
	{"core", NULL, false, by_core},		{"smt", NULL, true, by_core},
	{"cpus", NULL, true, by_rank},		{"spread", NULL, false, by_turn},
	{"cache", cache_of, true, by_rank},	{"cluster", cluster_of, true, by_rank},
	{"package", package_of, true, by_rank},
};

static const struct way *find_way(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(ways[i].name, name))
			return &ways[i];
	return NULL;
}

static int core_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_CORE, pu);

	return core ? (int)core->logical_index : (int)pu->logical_index;
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
static struct pu *read_pus(hwloc_topology_t topology, const struct allowed *allowed,
			   const struct way *way, unsigned int *ret_nr)
{
	int all = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
	struct pu *pus = calloc((size_t)all + 1, sizeof(*pus));
	hwloc_obj_t obj = NULL, group;
	unsigned int nr = 0;

	while (pus && (obj = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_PU, obj))) {
		group = way->within ? way->within(topology, obj) : NULL;
		if (!hwloc_bitmap_isset(allowed->by_name, obj->os_index) || (way->within && !group))
			continue;
		pus[nr++] = (struct pu){
			.cpu = (int)obj->os_index,
			.core = core_of(topology, obj),
			.node = node_of(topology, obj),
			.kind = hwloc_cpukinds_get_by_cpuset(topology, obj->cpuset, 0),
			.group = group,
			.isolated = hwloc_bitmap_isset(allowed->isolated, obj->os_index),
		};
	}
	*ret_nr = nr;
	return pus;
}

static bool same_kind(const struct pu *a, const struct pu *b)
{
	return a->kind == b->kind;
}

static bool same_group(const struct pu *a, const struct pu *b)
{
	return a->group == b->group;
}

/* How good it is to keep what is the same as this one: isolated CPUs, then speed, then number. */
static long worth(const struct pu *pus, unsigned int nr, const struct pu *pu,
		  bool (*same)(const struct pu *, const struct pu *))
{
	long isolated = 0, number = 0;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		isolated += same(pu, &pus[i]) && pus[i].isolated;
		number += same(pu, &pus[i]);
	}
	return (isolated << 40) + ((long)(pu->kind + 1) << 20) + number;
}

/* Returns how many are left. */
static unsigned int keep_best(struct pu *pus, unsigned int nr,
			      bool (*same)(const struct pu *, const struct pu *))
{
	unsigned int i, kept = 0;
	struct pu best = {0};
	long most = -1, here;

	for (i = 0; i < nr; i++) {
		here = worth(pus, nr, &pus[i], same);
		if (here > most) {
			most = here;
			best = pus[i];
		}
	}
	for (i = 0; i < nr; i++)
		if (same(&best, &pus[i]))
			pus[kept++] = pus[i];
	return kept;
}

/* Counts threads of cores and cores of nodes, isolated ones by themselves. */
static void count_turns(struct pu *pus, unsigned int nr)
{
	unsigned int i, k;

	for (i = 0; i < nr; i++)
		for (k = 0; k < i; k++)
			pus[i].rank += pus[k].core == pus[i].core;
	for (i = 0; i < nr; i++)
		for (k = 0; k < i; k++)
			pus[i].turn += pus[k].node == pus[i].node && !pus[k].rank &&
				       pus[k].isolated == pus[i].isolated;
}

static unsigned int keep_first_threads(struct pu *pus, unsigned int nr)
{
	unsigned int i, kept = 0;

	for (i = 0; i < nr; i++)
		if (!pus[i].rank)
			pus[kept++] = pus[i];
	return kept;
}

static bool too_few(hwloc_topology_t topology, const char *how, unsigned int nr, unsigned int have,
		    char *why, size_t room)
{
	bool kinds = hwloc_cpukinds_get_nr(topology, 0) > 1;

	if (!have)
		snprintf(why, room, "place=%s: this machine lists no such thing", how);
	else
		snprintf(why, room,
			 "%u workers, but place=%s has %u CPUs here%s (place=none allows more)", nr,
			 how, have, kinds ? ", of one kind of core" : "");
	return false;
}

bool place_in(hwloc_topology_t topology, const struct allowed *allowed, const char *how,
	      unsigned int nr, int *cpus, char *why, size_t room)
{
	const struct way *way = find_way(how);
	unsigned int have = 0, i;
	struct pu *pus = way ? read_pus(topology, allowed, way, &have) : NULL;

	have = keep_best(pus, have, same_kind);
	have = keep_best(pus, have, same_group);
	count_turns(pus, have);
	if (way && !way->all_threads)
		have = keep_first_threads(pus, have);
	if (have)
		qsort(pus, have, sizeof(*pus), way->order);
	for (i = 0; i < nr && i < have; i++)
		cpus[i] = pus[i].cpu;
	free(pus);
	return have >= nr || too_few(topology, how, nr, have, why, room);
}

static bool place_here(const struct allowed *allowed, const char *how, unsigned int nr, int *cpus,
		       char *why, size_t room)
{
	hwloc_topology_t topology;
	bool ok = false;

	if (hwloc_topology_init(&topology)) {
		snprintf(why, room, "hwloc: out of memory");
		return false;
	}
	if (hwloc_topology_load(topology))
		snprintf(why, room, "hwloc cannot tell what CPUs there are");
	else
		ok = place_in(topology, allowed, how, nr, cpus, why, room);
	hwloc_topology_destroy(topology);
	return ok;
}

/* ":0:2:4" */
static bool place_list(const struct allowed *allowed, const char *list, unsigned int nr, int *cpus,
		       char *why, size_t room)
{
	unsigned int i = 0;
	char *end;
	long cpu;

	for (; i < nr && *list == ':'; i++, list = end) {
		cpu = strtol(list + 1, &end, 10);
		if (cpu < 0 || cpu >= CPU_SETSIZE ||
		    !hwloc_bitmap_isset(allowed->at_all, (unsigned int)cpu)) {
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
	struct allowed allowed;
	unsigned int i;
	bool ok;

	for (i = 0; i < nr; i++)
		cpus[i] = -1;
	if (!strcmp(how, "none"))
		return true;
	allowed = allowed_read();
	ok = strncmp(how, "list", 4) ? place_here(&allowed, how, nr, cpus, why, room)
				     : place_list(&allowed, how + 4, nr, cpus, why, room);
	allowed_free(&allowed);
	return ok;
}
