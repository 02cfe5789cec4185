// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "bench/bench.h"
#include "bench/harness/provide/describe.h"
#include "bench/services/pages.h"
#include "common/record.h"

#define KIB (json_int_t)1024
#define MIB (1024 * KIB)

/* What is said of one point of a machine with such pages and so many CPUs, a new reference. */
static json_t *ask(json_int_t page, int cpus, json_t *point)
{
	json_t *request =
		json_pack("{s:{ss si ss si si si s[] s[{so si si si}]} sI si}", "plan", "type",
			  "plan", "schema", RECORD_SCHEMA, "name", "x", "runs", 1, "boots", 1,
			  "seed", 1, "counters", "points", "point", point, "iterations", 1,
			  "warmup", 1, "time_limit_s", 1, "page_size", page, "cpus", cpus);
	json_t *points = describe_points(request);

	assert_int_equal(json_array_size(points), 1);
	json_decref(request);
	return points;
}

/* The reason is NULL if the point can be. */
static void expect(json_int_t page, json_t *point, json_int_t memory, const char *why)
{
	json_t *points = ask(page, 2, point), *entry = json_array_get(points, 0);
	const char *said = json_string_value(json_object_get(entry, "why"));

	if (why)
		assert_non_null(said ? strstr(said, why) : NULL);
	else
		assert_null(said);
	if (memory)
		assert_int_equal(json_integer_value(json_object_get(entry, "memory")), memory);
	json_decref(points);
}

/* What the machine makes of a value that is left to it; 0: the point is none of its. */
static json_int_t made(json_int_t page, int cpus, json_t *point, const char *key)
{
	json_t *points = ask(page, cpus, point), *entry = json_array_get(points, 0);
	json_int_t value =
		json_integer_value(json_object_get(json_object_get(entry, "point"), key));

	assert_true(json_is_null(json_object_get(entry, "why")));
	json_decref(points);
	return value;
}

static json_t *fork_of(json_int_t size, json_t *order)
{
	return json_pack("{ss ss sI so ss}", "bench", "fork", "variant", "fork", "size", size,
			 "order", order, "place", "core");
}

static void orders_go_up_to_the_pmd(void **state)
{
	static const struct {
		json_int_t page;
		int pmd;
	} have[] = {{4 * KIB, 9}, {16 * KIB, 11}, {64 * KIB, 13}};
	json_int_t pmd;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(have) / sizeof(have[0]); i++) {
		pmd = have[i].page << have[i].pmd;
		expect(have[i].page, fork_of(pmd, json_integer(have[i].pmd)), 0, NULL);
		expect(have[i].page, fork_of(pmd, json_string("pmd")), 0, NULL);
		expect(have[i].page, fork_of(pmd, json_integer(have[i].pmd + 1)), 0,
		       "is above that of a PMD");
	}
	expect(4 * KIB, fork_of(MIB, json_integer(11)), 0, "order 11 is above that of a PMD, 9");
}

static void sizes_are_whole_folios(void **state)
{
	(void)state;
	expect(4 * KIB, fork_of(36 * KIB, json_integer(0)), 0, NULL);
	expect(16 * KIB, fork_of(36 * KIB, json_integer(0)), 0, "folios of 16K");
	expect(4 * KIB, fork_of(2 * MIB, json_string("pmd")), 0, NULL);
	expect(16 * KIB, fork_of(2 * MIB, json_string("pmd")), 0, "folios of 32M");
	expect(64 * KIB, fork_of(512 * MIB, json_string("pmd")), 0, NULL);
}

/* What families say themselves, and what they need, goes by the same pages. */
static void families_follow(void **state)
{
	const char *touch = "{s:s, s:s, s:i, s:i, s:i, s:i, s:s}";
	json_int_t need;
	json_t *point;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		point = json_pack(touch, "bench", "vma-touch", "variant", "write", "threads", 2,
				  "maps", 100, "pages", 10, "processes", 1, "place", "core");
		need = (4 * KIB << 2 * i) * 2 * 100 * 10;
		expect(4 * KIB << 2 * i, point, need + need / 64, NULL);
	}
	point = json_pack("{ss ss si si si si ss ss}", "bench", "fault", "variant", "write", "size",
			  2 << 20, "order", 9, "threads", 1, "processes", 1, "sharing", "own",
			  "place", "core");
	expect(4 * KIB, json_incref(point), 0, "a first touch maps a folio of a PMD's size");
	json_object_set_new(point, "size", json_integer(8 << 20));
	expect(16 * KIB, point, 0, NULL);
}

static json_t *least_fork(const char *size, json_t *order)
{
	json_t *point = fork_of(0, order);

	json_object_set_new(point, "size", json_string(size));
	return point;
}

/* Of a size that is a least one folios are whole, and what a family wants whole. */
static void least_sizes_grow(void **state)
{
	json_t *point;

	(void)state;
	assert_int_equal(made(4 * KIB, 1, least_fork("4194304+", json_string("pmd")), "size"),
			 4 * MIB);
	assert_int_equal(made(16 * KIB, 1, least_fork("4194304+", json_string("pmd")), "size"),
			 32 * MIB);
	assert_int_equal(made(64 * KIB, 1, least_fork("4194304+", json_integer(0)), "size"),
			 4 * MIB);
	assert_int_equal(made(64 * KIB, 1, least_fork("3145728+", json_integer(9)), "size"),
			 32 * MIB);
	point = least_fork("4194304+", json_integer(0));
	json_object_set_new(point, "variant", json_string("dontfork"));
	assert_int_equal(made(16 * KIB, 1, point, "size"), 64 * MIB);
	expect(4 * KIB, least_fork("4194304+", json_integer(11)), 0, "above that of a PMD, 9");
}

static void bytes_are_an_order(void **state)
{
	(void)state;
	expect(4 * KIB, fork_of(64 * KIB, json_string("64K")), 0, NULL);
	expect(16 * KIB, fork_of(64 * KIB, json_string("64K")), 0, NULL);
	expect(64 * KIB, fork_of(64 * KIB, json_string("64K")), 0, NULL);
	expect(16 * KIB, fork_of(32 * KIB, json_string("64K")), 0, "folios of 64K");
	expect(16 * KIB, fork_of(MIB, json_string("32K")), 0,
	       "no folio of anonymous memory has 32K with pages of 16K");
	expect(64 * KIB, fork_of(MIB, json_string("16K")), 0,
	       "no folio of anonymous memory has 16K with pages of 64K");
	expect(4 * KIB, fork_of(4 * MIB, json_string("4M")), 0, "order 10 is above that of a PMD");
}

static json_t *contend_of(json_t *faulters, json_t *writers)
{
	return json_pack("{ss ss si so so si ss}", "bench", "contend", "variant", "mmap", "size",
			 4 << 20, "faulters", faulters, "writers", writers, "time", 20, "place",
			 "core");
}

static json_t *faults_of(json_t *threads, json_t *processes, const char *place)
{
	return json_pack("{ss ss si si so so ss ss}", "bench", "fault", "variant", "write", "size",
			 4 << 20, "order", 0, "threads", threads, "processes", processes, "sharing",
			 "own", "place", place);
}

/* As many workers as there are CPUs, beside the others of the point. */
static void all_is_what_there_is(void **state)
{
	json_t *all = json_string("all"), *point;

	(void)state;
	assert_int_equal(
		made(4096, 8, faults_of(json_incref(all), json_integer(1), "core"), "threads"), 8);
	assert_int_equal(
		made(4096, 8, faults_of(json_incref(all), json_integer(2), "core"), "threads"), 4);
	assert_int_equal(made(4096, 8, faults_of(json_integer(2), json_incref(all), "none"),
			      "processes"),
			 4);
	assert_int_equal(made(4096, 8, faults_of(json_incref(all), json_integer(1), "list:0:2"),
			      "threads"),
			 2);
	assert_int_equal(made(4096, 4, contend_of(json_incref(all), json_integer(1)), "faulters"),
			 3);
	assert_int_equal(made(4096, 1, contend_of(json_incref(all), json_integer(1)), "faulters"),
			 1);
	assert_int_equal(made(4096, 4, faults_of(json_string("4/all"), json_integer(1), "core"),
			      "threads"),
			 4);
	assert_int_equal(made(4096, 4, faults_of(json_string("8/all"), json_integer(1), "core"),
			      "threads"),
			 0);
	assert_int_equal(made(4096, 8, faults_of(json_string("half"), json_integer(1), "core"),
			      "threads"),
			 4);
	assert_int_equal(made(4096, 3, faults_of(json_string("half"), json_integer(1), "core"),
			      "threads"),
			 1);
	assert_int_equal(made(4096, 1, faults_of(json_string("half"), json_integer(1), "core"),
			      "threads"),
			 1);
	/* No more than the family takes: a heap is one, and here are 1024 pages. */
	point = contend_of(json_integer(0), json_incref(all));
	json_object_set_new(point, "variant", json_string("brk"));
	assert_int_equal(made(4096, 8, point, "writers"), 1);
	assert_int_equal(made(4096, 2000, faults_of(json_incref(all), json_integer(1), "core"),
			      "threads"),
			 1024);
	json_decref(all);
}

static json_t *sized(json_t *point, const char *size)
{
	json_object_set_new(point, "size", json_string(size));
	return point;
}

/* So much for each worker, however many the machine makes of a share, and rounded up for all. */
static void sizes_of_workers(void **state)
{
	json_t *all = json_string("all"), *one = json_integer(1), *two = json_integer(2), *point;

	(void)state;
	assert_int_equal(made(4096, 8,
			      sized(faults_of(all, json_incref(one), "core"), "1048576/worker"),
			      "size"),
			 8 * MIB);
	point = sized(faults_of(json_string("50%"), json_incref(two), "core"), "1048576/worker");
	assert_int_equal(made(4096, 8, json_incref(point), "threads"), 2);
	assert_int_equal(made(4096, 8, point, "size"), 4 * MIB);
	assert_int_equal(
		made(4096, 8,
		     sized(faults_of(json_integer(3), json_incref(one), "core"), "1048576/worker"),
		     "size"),
		3 * MIB);
	point = sized(faults_of(json_incref(two), json_incref(two), "core"), "40960/worker+");
	assert_int_equal(made(4 * KIB, 8, json_incref(point), "size"), 160 * KIB);
	assert_int_equal(made(64 * KIB, 8, point, "size"), 256 * KIB);
	point = sized(faults_of(two, json_incref(one), "core"), "17592186044416/worker");
	expect(4096, point, 0, "size is missing or out of range");
	point = sized(faults_of(json_integer(2), json_incref(one), "core"), "3145728/worker+");
	json_object_set_new(point, "order", json_string("pmd"));
	assert_int_equal(made(4 * KIB, 8, point, "size"), 8 * MIB);
	/* Fewer workers, fewer bytes. */
	point = sized(contend_of(json_integer(0), json_string("all")), "4194304/worker");
	json_object_set_new(point, "variant", json_string("brk"));
	assert_int_equal(made(4096, 8, json_incref(point), "writers"), 1);
	assert_int_equal(made(4096, 8, point, "size"), 4 * MIB);
	json_decref(one);
}

/* Why a family has no folios of the order here, as it describes itself; NULL: it has. */
static const char *why_not(const json_t *benches, const char *name, const char *order)
{
	json_t *bench;
	size_t i;

	json_array_foreach(benches, i, bench)
		if (!strcmp(json_string_value(json_object_get(bench, "name")), name))
			return json_string_value(
				json_object_get(json_object_get(bench, "orders"), order));
	return "no such family";
}

/* What a family refuses it does not have, whatever the kernel. */
static void orders_are_those_that_are_taken(void **state)
{
	json_t *benches = describe_benches(true);
	char pmd[16];

	(void)state;
	snprintf(pmd, sizeof(pmd), "%d", thp_pmd_order());
	assert_non_null(strstr(why_not(benches, "khugepaged", "0"), "order is that of"));
	assert_non_null(strstr(why_not(benches, "khugepaged", pmd), "order=pmd"));
	assert_non_null(strstr(why_not(benches, "fault", pmd), "a first touch maps a folio"));
	assert_null(why_not(benches, "fault", "0"));
	assert_null(why_not(benches, "fault-page", "0"));
	json_decref(benches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_go_up_to_the_pmd),
		cmocka_unit_test(sizes_are_whole_folios),
		cmocka_unit_test(families_follow),
		cmocka_unit_test(least_sizes_grow),
		cmocka_unit_test(bytes_are_an_order),
		cmocka_unit_test(all_is_what_there_is),
		cmocka_unit_test(sizes_of_workers),
		cmocka_unit_test(orders_are_those_that_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
