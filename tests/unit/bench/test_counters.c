// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is said of perf_event counters that did not count.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/harness/kernel/vmstat.h"
#include "bench/harness/timing/counters.h"

static struct counter_set page_faults(struct counters *counters)
{
	struct counter_set set;
	json_t *names = json_pack("[s]", "page-faults");

	counter_set_init(&set, PMU_DEVICES, names);
	set.event[0].name = "page-faults";
	json_decref(names);
	counters_open(counters, &set, -1, true);
	return set;
}

/* The number that a journal has of the only event, or -1: none. */
static long said(const struct counter_set *set, struct counters *counters, const char *what)
{
	struct counters *const workers[] = {counters};
	json_t *json = counters_to_json(set, workers, 1);
	const json_t *number = json_object_get(json_object_get(json, "page-faults"), what);
	long value = number ? (long)json_integer_value(number) : -1;

	json_decref(json);
	return value;
}

/* Who counted in the warm-up alone has counted nothing. */
static void reset_forgets_times(void **state)
{
	static struct counters counters;
	struct counter_set set = page_faults(&counters);

	(void)state;
	if (counters.counter[0].fd < 0)
		skip();
	counters_enable(&counters);
	counters_disable(&counters);
	counters_read(&counters);
	assert_true(counters.counter[0].running > 0);
	counters_reset(&counters);
	counters_read(&counters);
	assert_int_equal(counters.counter[0].enabled, 0);
	assert_int_equal(counters.counter[0].running, 0);
	assert_int_equal(said(&set, &counters, "value"), -1);
	counters_enable(&counters);
	counters_disable(&counters);
	counters_read(&counters);
	assert_true(said(&set, &counters, "value") >= 0);
}

static void never_ran_is_no_zero(void **state)
{
	static struct counters counters = {.nr = 1, .counter = {{.enabled = 5}}};
	static const struct counter_set set = {.nr = 1, .event = {{.name = "page-faults"}}};

	(void)state;
	assert_int_equal(said(&set, &counters, "value"), -1);
	assert_int_equal(said(&set, &counters, "enabled"), 5);
	assert_int_equal(said(&set, &counters, "running"), 0);
}

/* What some of the workers counted is not what all of them did. */
static void refused_to_one_is_no_sum(void **state)
{
	static struct counters counts = {.nr = 1, .counter = {{.value = 9, .running = 5}}};
	static struct counters refused = {.nr = 1, .counter = {{.fd = -1, .refused = "full"}}};
	static const struct counter_set set = {.nr = 1, .event = {{.name = "page-faults"}}};
	struct counters *const workers[] = {&counts, &refused};
	json_t *json = counters_to_json(&set, workers, 2), *sum;

	(void)state;
	sum = json_object_get(json, "page-faults");
	assert_null(json_object_get(sum, "value"));
	assert_string_equal(json_string_value(json_object_get(sum, "refused")), "full");
	json_decref(json);
}

/* A name of ours: its number is another event's on kernels that do not have it. */
static void speculative_faults_are_not_guessed(void **state)
{
	json_t *names = json_pack("[s]", "speculative-faults");
	struct counter_set set;

	(void)state;
	if (vmstat_now("speculative_pgfault") >= 0)
		skip();
	counter_set_init(&set, PMU_DEVICES, names);
	assert_string_equal(set.event[0].refused, "the kernel has no such counter");
	json_decref(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reset_forgets_times),
		cmocka_unit_test(never_ran_is_no_zero),
		cmocka_unit_test(refused_to_one_is_no_sum),
		cmocka_unit_test(speculative_faults_are_not_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
