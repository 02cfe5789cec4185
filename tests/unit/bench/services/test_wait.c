// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting for another task, by a clock of this test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "bench/bench.h"

static struct timespec clock_now;

int clock_gettime(clockid_t id, struct timespec *now)
{
	(void)id;
	*now = clock_now;
	return 0;
}

/* A machine so busy that each takes a second. */
int nanosleep(const struct timespec *wanted, struct timespec *rest)
{
	(void)wanted;
	(void)rest;
	clock_now.tv_sec++;
	return 0;
}

static bool at(const void *second)
{
	return clock_now.tv_sec >= *(const time_t *)second;
}

static void comes_late(void **state)
{
	static const time_t late = 25;
	struct bench_run run = {0};

	(void)state;
	clock_now.tv_sec = 0;
	assert_true(bench_wait(&run, "khugepaged", at, &late));
	assert_string_equal(run.why, "");
}

static void never_comes(void **state)
{
	static const time_t never = 1000;
	struct bench_run run = {0};

	(void)state;
	clock_now.tv_sec = 100;
	assert_false(bench_wait(&run, "khugepaged", at, &never));
	assert_in_range(clock_now.tv_sec, 130, 132);
	assert_string_equal(run.why, "khugepaged was waited for 30 s and has not done its part: "
				     "others have the CPUs, or it cannot");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_late),
		cmocka_unit_test(never_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
