// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Numbers in lines of the kernel's log.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/services/log.h"

static long number(const char *record, const char *text)
{
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", record);
	return log_number(copy, strlen(copy), text);
}

/* The lines of 6.12 and of 6.16, which has a word more. */
static void numbers_behind_words(void **state)
{
	static const char *const lines[] = {
		"6,512,40,-;Summary: fix_size_alloc_test passed: 1 failed: 0 repeat: 1 loops: "
		"2000 avg: 7 usec\n",
		"6,512,40,-;Summary: fix_size_alloc_test passed: 1 failed: 0 xfailed: 0 repeat: 1 "
		"loops: 2000 avg: 7 usec\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_int_equal(number(lines[i], "Summary: fix_size_alloc_test passed:"), 1);
		assert_int_equal(number(lines[i], " repeat: 1 loops:"), 2000);
		assert_int_equal(number(lines[i], "Summary: vm_map_ram_test passed:"), 0);
	}
	assert_int_equal(number("6,1,2,-;Summary: fix_size_alloc_test passed: 0 failed: 1",
				"fix_size_alloc_test passed:"),
			 0);
}

static void words_without_number(void **state)
{
	static const char text[] = "test_vmalloc: unknown parameter";

	(void)state;
	assert_int_equal(
		number("4,1,2,-;test_vmalloc: unknown parameter 'use_huge' ignored\n", text), 1);
	/* Not in the line: what is in front of it, and behind its end. */
	assert_int_equal(number("test_vmalloc: unknown parameter;x", text), 0);
	assert_int_equal(number("4,1,2,-;x\n test_vmalloc: unknown parameter=1\n", text), 0);
	assert_int_equal(number("", text), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_behind_words),
		cmocka_unit_test(words_without_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
