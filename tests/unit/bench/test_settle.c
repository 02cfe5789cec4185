// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When a machine that was booted is at rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/harness/machine/settle.h"

/* A machine that is up for so long when it is looked at, is busy for some seconds, then hot. */
static struct settle made(int least_s, int most_s, double up_s, int busy_s, int hot_s, double rest)
{
	const struct plan_settle wanted = {least_s, most_s};
	struct settle s = {0};
	int second;

	for (second = 1; !s.end; second++) {
		assert_true(second < 10000);
		settle_take(&s, &wanted,
			    (struct settle_look){.up_s = up_s + second,
						 .waited_s = second,
						 .busy = second <= busy_s ? 1 : rest,
						 .cpus = 4,
						 .throttled = second > busy_s &&
							      second <= busy_s + hot_s});
	}
	return s;
}

static void comes_to_rest(void **state)
{
	struct settle s;

	(void)state;
	/* Not before it is as old as that, */
	s = made(60, 600, 20, 0, 0, 0.02);
	assert_string_equal(s.end, "quiet");
	assert_int_equal(s.last.up_s, 60);
	/* and not before it was quiet for a while, */
	s = made(60, 600, 3600, 0, 0, 0.02);
	assert_int_equal(s.last.waited_s, SETTLE_QUIET_S);
	/* after all that it has to do and to cool. */
	s = made(60, 600, 20, 100, 0, 0.02);
	assert_int_equal(s.last.waited_s, 100 + SETTLE_QUIET_S);
	s = made(60, 600, 20, 100, 50, 0.02);
	assert_int_equal(s.last.waited_s, 150 + SETTLE_QUIET_S);
	assert_string_equal(s.end, "quiet");
}

static void never_rests(void **state)
{
	struct settle s;

	(void)state;
	s = made(60, 600, 20, 0, 0, 0.5);
	assert_string_equal(s.end, "busy");
	assert_int_equal(s.last.waited_s, 600);
	s = made(60, 600, 20, 0, 5000, 0);
	assert_string_equal(s.end, "throttled");
	/* It is as old as it has to be all the same. */
	s = made(1000, 1000, 0, 0, 0, 0.5);
	assert_int_equal(s.last.up_s, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_to_rest),
		cmocka_unit_test(never_rests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
