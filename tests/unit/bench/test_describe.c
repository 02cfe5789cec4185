// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "bench/bench.h"
#include "bench/harness/provide/describe.h"
#include "common/record.h"

#define KIB (json_int_t)1024
#define MIB (1024 * KIB)

/* What is said of a point where pages are that large; the reason is NULL if it can be. */
static void expect(json_int_t page, json_t *point, json_int_t memory, const char *why)
{
	json_t *request =
		json_pack("{s:{ss si ss si si si s[] s[{so si si si}]} sI}", "plan", "type", "plan",
			  "schema", RECORD_SCHEMA, "name", "x", "runs", 1, "boots", 1, "seed", 1,
			  "counters", "points", "point", point, "iterations", 1, "warmup", 1,
			  "time_limit_s", 1, "page_size", page);
	json_t *points = describe_points(request), *entry = json_array_get(points, 0);
	const char *said = json_string_value(json_object_get(entry, "why"));

	assert_int_equal(json_array_size(points), 1);
	if (why)
		assert_non_null(said ? strstr(said, why) : NULL);
	else
		assert_null(said);
	if (memory)
		assert_int_equal(json_integer_value(json_object_get(entry, "memory")), memory);
	json_decref(points);
	json_decref(request);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_go_up_to_the_pmd),
		cmocka_unit_test(sizes_are_whole_folios),
		cmocka_unit_test(families_follow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
