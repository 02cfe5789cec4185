// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines on a serial console, as LAVA's monitors read them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/harness/machine/console.h"

static void is_said(const struct run_record *rec, const char *want)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	console_run(out, "n", rec);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void times(void **state)
{
	uint64_t samples[] = {1000, 2001};
	struct run_record rec = {.samples = samples, .nr_samples = 2};

	(void)state;
	is_said(&rec, "faultbench: case n pass 1.5005 us;\n");
	samples[0] = samples[1] = 9999999999999;
	is_said(&rec, "faultbench: case n pass 9999999999.9990 us;\n");
	/* No measurement of LAVA's is as large. */
	samples[0] = samples[1] = 20000000000000;
	is_said(&rec, "faultbench: case n pass 20000.0000 s;\n");
}

static void rates(void **state)
{
	uint64_t sample = 5;
	struct run_record rec = {.samples = &sample, .nr_samples = 1};

	(void)state;
	rec.sides = json_pack("{s:{s:i,s:[ii],s:[ii]},s:{s:i,s:[i],s:[i]}}", "Fault ers", "workers",
			      2, "ops", 10, 20, "busy_ns", 1000, 2000, "w", "workers", 1, "ops", 0,
			      "busy_ns", 0);
	is_said(&rec, "faultbench: case n_fault_ers pass 20000000.0000 ops_per_s;\n"
		      "faultbench: case n_w pass 0.0000 ops_per_s;\n");
	json_decref(rec.sides);
}

static void none(void **state)
{
	struct run_record rec = {.status = RUN_SKIPPED, .reason = (char *)"no such order"};

	(void)state;
	is_said(&rec, "faultbench: n: skipped: no such order\nfaultbench: case n skip - none;\n");
	rec.status = RUN_VOID;
	is_said(&rec, "faultbench: n: void: no such order\nfaultbench: case n fail - none;\n");
	rec = (struct run_record){.status = RUN_FAILED};
	is_said(&rec, "faultbench: n: failed: \nfaultbench: case n fail - none;\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),
		cmocka_unit_test(rates),
		cmocka_unit_test(none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
