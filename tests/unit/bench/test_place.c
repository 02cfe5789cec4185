// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where workers are put on machines that we have not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/harness/provide/place.h"

#define ALTRA	"package:1 group:40 core:2 l2:1 l1:1 pu:1"
#define ALTRA_2 "package:2 [numa] group:40 core:2 l2:1 l1:1 pu:1"
#define XEON	"package:2 [numa] l3:1 l2:8 core:1 pu:2"
#define M2	"package:1 l2:2 core:4 l1:1 pu:1"
#define BARE	"core:4 pu:1"

struct machine {
	hwloc_topology_t topology;
	struct allowed allowed;
};

/* fast: CPUs of a faster kind; isolated: what isolcpus= says; either may be NULL. */
static struct machine made(const char *synthetic, const char *fast, const char *isolated)
{
	struct machine m = {
		.allowed = {hwloc_bitmap_alloc(), hwloc_bitmap_alloc(), hwloc_bitmap_alloc()}};
	hwloc_bitmap_t set = hwloc_bitmap_alloc();

	assert_int_equal(hwloc_topology_init(&m.topology), 0);
	assert_int_equal(hwloc_topology_set_synthetic(m.topology, synthetic), 0);
	assert_int_equal(hwloc_topology_load(m.topology), 0);
	hwloc_bitmap_copy(m.allowed.by_name, hwloc_topology_get_topology_cpuset(m.topology));
	hwloc_bitmap_copy(m.allowed.at_all, m.allowed.by_name);
	if (isolated)
		hwloc_bitmap_list_sscanf(m.allowed.isolated, isolated);
	if (fast) {
		hwloc_bitmap_list_sscanf(set, fast);
		hwloc_cpukinds_register(m.topology, set, 2, 0, NULL, 0);
		hwloc_bitmap_andnot(set, m.allowed.by_name, set);
		hwloc_cpukinds_register(m.topology, set, 1, 0, NULL, 0);
	}
	hwloc_bitmap_free(set);
	return m;
}

static void gone(struct machine *m)
{
	hwloc_topology_destroy(m->topology);
	allowed_free(&m->allowed);
}

static const struct {
	const char *machine, *fast, *isolated;
	const char *how;
	unsigned int workers;
	const char *cpus; /* or the reason */
} cases[] = {
	{ALTRA, NULL, NULL, "core", 3, "0 1 2"},
	{ALTRA, NULL, NULL, "smt", 3, "0 1 2"},
	{ALTRA, NULL, NULL, "spread", 3, "0 1 2"},
	{ALTRA, NULL, NULL, "package", 80, "0 1 2 3"},
	{ALTRA, NULL, NULL, "cluster", 2, "0 1"},
	{ALTRA, NULL, NULL, "cluster", 3, "3 workers, but place=cluster has 2 CPUs here (place="},
	{ALTRA, NULL, NULL, "cache", 1, "0"},
	{ALTRA, NULL, NULL, "cache", 2, "2 workers, but place=cache has 1 CPUs here ("},
	{ALTRA, NULL, "6-79", "cluster", 2, "6 7"},
	{ALTRA, NULL, "6-79", "core", 76, "6 7 8"},
	{ALTRA, NULL, "7", "core", 3, "7 0 1"},

	{ALTRA_2, NULL, NULL, "spread", 4, "0 80 1 81"},
	{ALTRA_2, NULL, NULL, "core", 100, "0 1 2 3"},
	{ALTRA_2, NULL, NULL, "package", 80, "0 1 2 3"},
	{ALTRA_2, NULL, NULL, "package", 81, "81 workers, but place=package has 80 CPUs here"},
	{ALTRA_2, NULL, "90-159", "package", 2, "90 91"},
	{ALTRA_2, NULL, "4-79,90-159", "spread", 4, "4 90 5 91"},

	{XEON, NULL, NULL, "core", 16, "0 2 4 6 8"},
	{XEON, NULL, NULL, "core", 17, "17 workers, but place=core has 16 CPUs here"},
	{XEON, NULL, NULL, "smt", 5, "0 1 2 3 4"},
	{XEON, NULL, NULL, "cpus", 18, "0 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 1 3"},
	{XEON, NULL, NULL, "cpus", 33, "33 workers, but place=cpus has 32 CPUs here"},
	{XEON, NULL, NULL, "spread", 4, "0 16 2 18"},
	{XEON, NULL, NULL, "cache", 10, "0 2 4 6 8 10 12 14 1 3"},
	{XEON, NULL, NULL, "package", 10, "0 2 4 6 8 10 12 14 1 3"},
	{XEON, NULL, NULL, "cluster", 1, "place=cluster: this machine lists no such thing"},
	{XEON, NULL, "18-31", "cache", 2, "18 20"},

	{M2, "4-7", NULL, "core", 4, "4 5 6 7"},
	{M2, "4-7", NULL, "core", 5, "5 workers, but place=core has 4 CPUs here, of one kind of"},
	{M2, "4-7", NULL, "cache", 2, "4 5"},
	{M2, "4-7", NULL, "cluster", 4, "4 5 6 7"},
	{M2, "4-7", NULL, "package", 4, "4 5 6 7"},
	{M2, "4-7", "2-3", "core", 2, "2 3"},
	{M2, NULL, NULL, "core", 8, "0 1 2 3 4 5 6 7"},
	{M2, NULL, NULL, "cache", 5, "5 workers, but place=cache has 4 CPUs here ("},

	/* Groups of memory within a package are no clusters. */
	{"package:1 group:2 [numa] core:4 pu:1", NULL, NULL, "cluster", 1,
	 "place=cluster: this machine lists no such thing"},
	{"package:1 group:2 [numa] core:4 pu:1", NULL, NULL, "spread", 3, "0 4 1"},

	{BARE, NULL, NULL, "core", 4, "0 1 2 3"},
	{BARE, NULL, NULL, "cache", 2, "place=cache: this machine lists no such thing"},
	{BARE, NULL, NULL, "package", 2, "place=package: this machine lists no such thing"},
};

static void expect(size_t i, const struct machine *m)
{
	int cpus[256] = {0};
	char got[1024] = "";
	unsigned int w, used = 0;

	if (place_in(m->topology, &m->allowed, cases[i].how, cases[i].workers, cpus, got,
		     sizeof(got)))
		for (w = 0; w < cases[i].workers; w++)
			used += (unsigned int)sprintf(got + used, "%s%d", w ? " " : "", cpus[w]);
	if (strncmp(got, cases[i].cpus, strlen(cases[i].cpus)) != 0)
		print_error("case %zu: %s, %u workers: %s\n", i, cases[i].how, cases[i].workers,
			    got);
	assert_int_equal(strncmp(got, cases[i].cpus, strlen(cases[i].cpus)), 0);
}

static void machines_we_have_not(void **state)
{
	struct machine m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		m = made(cases[i].machine, cases[i].fast, cases[i].isolated);
		expect(i, &m);
		gone(&m);
	}
}

/* What somebody took from us, as taskset does, no name gives. */
static void taskset_narrows(void **state)
{
	struct machine m = made(XEON, NULL, NULL);
	char why[256];
	int cpus[4];

	(void)state;
	hwloc_bitmap_list_sscanf(m.allowed.by_name, "5-7,20");
	assert_true(place_in(m.topology, &m.allowed, "core", 3, cpus, why, sizeof(why)));
	assert_int_equal(cpus[0], 5);
	assert_int_equal(cpus[1], 6);
	assert_int_equal(cpus[2], 20);
	assert_false(place_in(m.topology, &m.allowed, "core", 4, cpus, why, sizeof(why)));
	gone(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machines_we_have_not),
		cmocka_unit_test(taskset_narrows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
