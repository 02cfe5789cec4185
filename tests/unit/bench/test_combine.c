// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The records of processes that carried out an iteration each, made one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/harness/timing/combine.h"
#include "common/hist.h"

/* A start that took so many ns, beside two faults, by the image of that name. */
static struct run_record one_start(uint64_t ns, const char *image)
{
	struct run_record rec = {.status = RUN_OK, .nr_samples = 1};
	struct hist *hist = calloc(1, sizeof(*hist));

	hist->unit_ns = 1;
	hist_add(hist, ns);
	rec.samples = malloc(sizeof(*rec.samples));
	rec.samples[0] = ns;
	rec.point = json_object();
	rec.sides = json_pack("{s:{s:i,s:[i],s:[I]}}", "linkers", "workers", 3, "ops", 1, "busy_ns",
			      (json_int_t)ns);
	rec.latency = json_pack("{s:o}", "linkers", hist_to_json(hist));
	rec.counters = json_pack("{s:{s:i,s:i},s:{s:s}}", "page-faults", "value", 2, "enabled", 5,
				 "cycles", "refused", "no PMU");
	rec.vmstat = json_pack("{s:i}", "pgfault", 2);
	rec.verified = json_object();
	rec.conditions = json_pack("{s:{s:[I],s:{s:b}},s:[I],s:i}", "executed", "ns", (json_int_t)7,
				   "images", image, 1, "apart_ns", (json_int_t)ns, "one_cpu", 1);
	free(hist);
	return rec;
}

static struct run_record two_starts(const char *first, const char *second)
{
	struct run_record sum = {0}, one = one_start(100, first);

	combine(&sum, &one);
	one = one_start(300, second);
	combine(&sum, &one);
	assert_null(one.samples);
	combine_end(&sum, 2);
	return sum;
}

static json_t *at(json_t *json, const char *a, const char *b)
{
	return json_object_get(json_object_get(json, a), b);
}

static void adds_up(void **state)
{
	struct run_record sum = two_starts("a", "b");
	struct hist *hist = calloc(1, sizeof(*hist));

	(void)state;
	assert_int_equal(sum.status, RUN_OK);
	assert_int_equal(sum.nr_samples, 2);
	assert_int_equal(sum.samples[1], 300);
	assert_int_equal(json_integer_value(at(sum.sides, "linkers", "workers")), 3);
	assert_int_equal(json_array_size(at(sum.sides, "linkers", "busy_ns")), 2);
	assert_true(hist_from_json(hist, json_object_get(sum.latency, "linkers")));
	assert_int_equal(hist->count, 2);
	assert_int_equal(hist->max_ns, 300);
	assert_int_equal(json_integer_value(at(sum.counters, "page-faults", "value")), 4);
	assert_string_equal(json_string_value(at(sum.counters, "cycles", "refused")), "no PMU");
	assert_int_equal(json_integer_value(json_object_get(sum.vmstat, "pgfault")), 4);
	assert_int_equal(json_array_size(at(sum.conditions, "executed", "ns")), 2);
	assert_int_equal(json_array_size(json_object_get(sum.conditions, "apart_ns")), 2);
	assert_int_equal(json_integer_value(json_object_get(sum.conditions, "one_cpu")), 2);
	assert_string_equal(json_string_value(at(sum.verified, "programs executed", "seen")), "2");
	free(hist);
	run_record_free(&sum);
}

/* A process that was forked, not executed, has its parent's image. */
static void same_image_is_void(void **state)
{
	struct run_record sum = two_starts("a", "a");

	(void)state;
	assert_int_equal(sum.status, RUN_VOID);
	assert_string_equal(sum.reason, "1 programs executed for 2 iterations");
	run_record_free(&sum);
}

static void failure_stands(void **state)
{
	struct run_record sum = {0}, one = one_start(100, "a");

	(void)state;
	combine(&sum, &one);
	one = one_start(300, "b");
	one.status = RUN_FAILED;
	one.reason = strdup("it died");
	combine(&sum, &one);
	combine_end(&sum, 2);
	assert_int_equal(sum.status, RUN_FAILED);
	assert_string_equal(sum.reason, "it died");
	run_record_free(&sum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_up),
		cmocka_unit_test(same_image_is_void),
		cmocka_unit_test(failure_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
