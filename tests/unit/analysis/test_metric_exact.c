// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Metrics that follow from which functions an op entered; and those that are looked for only here
 * and there.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/results/metric_exact.h"

/* Of a run of two ops, which entered these functions so often; NaN if functions is NULL. */
static double value(metric_value_fn *fn, int arg, json_t *functions)
{
	struct run_record rec = {.nr_samples = 2, .functions = functions};
	const struct metric metric = {.arg = arg};
	const struct metric_from from = {.rec = &rec};
	double ret = fn(&metric, &from);

	json_decref(functions);
	return ret;
}

/* User space's faults: with the lock of a VMA, handled, under mmap_lock; each of two ops. */
static json_t *faults(int tried, int handled, int slow)
{
	return json_pack("{s:{s:i},s:{s:i},s:{s:i}}", "lock_vma_under_rcu", "calls", 2 * tried,
			 "handle_mm_fault", "calls", 2 * handled, "lock_mm_and_find_vma", "calls",
			 2 * slow);
}

static void vma_locks_miss_and_retry(void **state)
{
	(void)state;
	/* All had the lock; 5 had not; 10 began again; both. */
	assert_true(value(vma_lock_faults, 0, faults(100, 100, 0)) == 0);
	assert_true(value(vma_lock_faults, 1, faults(100, 100, 0)) == 0);
	assert_true(value(vma_lock_faults, 0, faults(100, 100, 5)) == 5);
	assert_true(value(vma_lock_faults, 1, faults(100, 100, 5)) == 0);
	assert_true(value(vma_lock_faults, 0, faults(100, 110, 10)) == 0);
	assert_true(value(vma_lock_faults, 1, faults(100, 110, 10)) == 10);
	assert_true(value(vma_lock_faults, 0, faults(100, 110, 15)) == 5);
	assert_true(value(vma_lock_faults, 1, faults(100, 110, 15)) == 10);
	/* A kernel without such locks; a journal without functions. */
	assert_true(isnan(value(vma_lock_faults, 0, faults(0, 100, 100))));
	assert_true(isnan(value(vma_lock_faults, 1, NULL)));
}

static void functions_are_counted_together(void **state)
{
	(void)state;
	assert_true(value(calls_of_op, CALLED_MMAP_LOCK_FAULTS, faults(9, 9, 7)) == 7);
	assert_true(value(calls_of_op, CALLED_RWSEM_WAITS, faults(9, 9, 7)) == 0);
	assert_true(value(calls_of_op, CALLED_RWSEM_WAITS,
			  json_pack("{s:{s:i},s:{s:i},s:{s:i}}", "rwsem_down_read_slowpath",
				    "calls", 6, "rwsem_down_write_slowpath", "calls", 4,
				    "rwsem_wake", "calls", 8)) == 5);
	assert_true(isnan(value(calls_of_op, CALLED_PAGES_CLEARED, NULL)));
}

static double failed(json_t *counts)
{
	struct run_record rec = {.nr_samples = 2, .counts = counts};
	const struct metric metric = {.arg = INSN_EXCLUSIVE_FAILED};
	const struct metric_from from = {.rec = &rec};
	double ret = insns_looked_for(&metric, &from);

	json_decref(counts);
	return ret;
}

static void none_is_not_unknown(void **state)
{
	(void)state;
	assert_true(failed(json_pack("{s:[i,i]}", "exclusive-failed", 3, 4)) == 3.5);
	assert_true(failed(json_pack("{s:[i,i]}", "exclusive-failed", 0, 0)) == 0);
	assert_true(isnan(failed(json_pack("{s:[i,i],s:[i,i]}", "exclusive", 3, 4, "spin", 0, 0))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_is_not_unknown),
		cmocka_unit_test(vma_locks_miss_and_retry),
		cmocka_unit_test(functions_are_counted_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
