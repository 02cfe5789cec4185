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

/* Of a run of two ops with these functions and counts, which are given away. */
static double value_of(metric_value_fn *fn, int arg, struct run_record rec)
{
	const struct metric metric = {.arg = arg};
	const struct metric_from from = {.rec = &rec};
	double ret;

	rec.nr_samples = 2;
	ret = fn(&metric, &from);
	json_decref(rec.functions);
	json_decref(rec.counts);
	return ret;
}

/* Of one that entered these functions so often; NaN if functions is NULL. */
static double value(metric_value_fn *fn, int arg, json_t *functions)
{
	return value_of(fn, arg, (struct run_record){.functions = functions});
}

/* Functions by their calls in an op, of which there are two. */
static json_t *called(size_t nr, const char *const *names, const int *calls)
{
	json_t *functions = json_object();
	size_t i;

	for (i = 0; i < nr; i++)
		if (calls[i])
			json_object_set_new(functions, names[i],
					    json_pack("{s:i}", "calls", 2 * calls[i]));
	return functions;
}

/* Faults: all, with the lock of a VMA, handled, under mmap_lock. */
static json_t *faults(int all, int tried, int handled, int slow)
{
	static const char *const names[] = {"exc_page_fault", "lock_vma_under_rcu",
					    "handle_mm_fault", "lock_mm_and_find_vma"};

	return called(4, names, (const int[]){all, tried, handled, slow});
}

static json_t *with(json_t *functions, const char *name)
{
	json_object_set_new(functions, name, json_pack("{s:i}", "calls", 2));
	return functions;
}

#define LOCKS(how, functions) value(locks_of_faults, FAULTS_##how, functions)

static void vma_locks_miss_and_retry(void **state)
{
	(void)state;
	/* All had the lock; 5 had not; 10 began again; both. */
	assert_true(LOCKS(MISSED, faults(100, 100, 100, 0)) == 0);
	assert_true(LOCKS(AGAIN, faults(100, 100, 100, 0)) == 0);
	assert_true(LOCKS(MISSED, faults(100, 100, 100, 5)) == 5);
	assert_true(LOCKS(AGAIN, faults(100, 100, 100, 5)) == 0);
	assert_true(LOCKS(MISSED, faults(100, 100, 110, 10)) == 0);
	assert_true(LOCKS(AGAIN, faults(100, 100, 110, 10)) == 10);
	assert_true(LOCKS(MISSED, faults(100, 100, 110, 15)) == 5);
	assert_true(LOCKS(AGAIN, faults(100, 100, 110, 15)) == 10);
	/* A kernel without such locks; a journal without functions. */
	assert_true(isnan(LOCKS(MISSED, faults(100, 0, 100, 100))));
	assert_true(isnan(LOCKS(AGAIN, NULL)));
	assert_true(isnan(LOCKS(MMAP_LOCK, NULL)));
}

/* What the kernel itself takes does not try, and has not begun again. */
static void faults_of_the_kernel_are_no_retries(void **state)
{
	(void)state;
	assert_true(LOCKS(MMAP_LOCK, faults(11, 8, 11, 3)) == 3);
	assert_true(LOCKS(MISSED, faults(11, 8, 11, 3)) == 0);
	assert_true(LOCKS(AGAIN, faults(11, 8, 11, 3)) == 0);
	assert_true(LOCKS(MISSED, faults(11, 8, 12, 5)) == 1);
	assert_true(LOCKS(AGAIN, faults(11, 8, 12, 5)) == 1);
	/* How many there are is not known, but that none can have begun again. */
	assert_true(LOCKS(AGAIN, faults(0, 8, 8, 0)) == 0);
	assert_true(isnan(LOCKS(AGAIN, faults(0, 8, 11, 3))));
	/* Somebody else has pages handled; a fault was not. */
	assert_true(isnan(LOCKS(AGAIN, with(faults(8, 8, 11, 0), "__get_user_pages"))));
	assert_true(isnan(LOCKS(MISSED, with(faults(8, 8, 11, 3), "__get_user_pages"))));
	assert_true(LOCKS(MMAP_LOCK, with(faults(8, 8, 11, 0), "__get_user_pages")) == 0);
	assert_true(isnan(LOCKS(AGAIN, with(faults(9, 8, 8, 0), "fixup_exception"))));
}

static void mmap_lock_is_not_0_where_it_is_not_seen(void **state)
{
	(void)state;
	assert_true(LOCKS(MMAP_LOCK, faults(9, 9, 9, 7)) == 7);
	assert_true(LOCKS(MMAP_LOCK, faults(9, 9, 9, 0)) == 0);
	assert_true(LOCKS(MMAP_LOCK, faults(0, 0, 0, 0)) == 0);
	/* A kernel without the function that takes it. */
	assert_true(isnan(LOCKS(MMAP_LOCK, faults(9, 0, 9, 0))));
}

static void slow_paths_are_counted_together(void **state)
{
	static const char *const names[] = {"rwsem_down_read_slowpath", "rwsem_down_write_slowpath",
					    "rwsem_wake"};

	(void)state;
	assert_true(value(rwsem_waits, 0, faults(9, 9, 9, 7)) == 0);
	assert_true(value(rwsem_waits, 0, called(3, names, (const int[]){3, 2, 4})) == 5);
}

/* Pages of one of these functions, which an op of a promise of so many bytes enters so often. */
static double pages(enum pages_done done, const char *name, int calls, int stores, double bytes)
{
	json_t *functions =
		json_pack("{s:{s:i,s:i}}", name, "calls", 2 * calls, "store", 2 * stores);

	return value_of(pages_of_op, done,
			(struct run_record){.functions = functions, .bytes = bytes});
}

static void pages_are_counted_once(void **state)
{
	(void)state;
	assert_true(pages(PAGES_CLEARED, "clear_page", 7, 0, 0) == 7);
	assert_true(pages(PAGES_CLEARED, "clear_page_orig", 7, 7 * 512, 0) == 7);
	assert_true(pages(PAGES_CLEARED, "mte_zero_clear_page_tags", 7, 0, 0) == 7);
	assert_true(pages(PAGES_COPIED, "copy_page", 7, 0, 0) == 7);
	assert_true(pages(PAGES_COPIED, "copy_mc_to_kernel", 7, 7, 0) == 7);
	/* Where copy_page goes on. */
	assert_true(pages(PAGES_COPIED, "copy_page_regs", 7, 7 * 512, 0) == 0);
	/* Several a call. */
	assert_true(pages(PAGES_CLEARED, "__clear_pages_unrolled", 2, 9 * 512, 0) == 9);
	/* It is promised that it clears or copies, and does neither. */
	assert_true(pages(PAGES_CLEARED, "clear_page", 7, 0, 4096) == 7);
	assert_true(pages(PAGES_COPIED, "clear_page", 7, 0, 4096) == 0);
	assert_true(isnan(pages(PAGES_CLEARED, "clear_page_new", 7, 0, 4096)));
	assert_true(isnan(pages(PAGES_COPIED, "clear_page_new", 7, 0, 4096)));
	assert_true(isnan(value(pages_of_op, PAGES_CLEARED, NULL)));
}

static double counted(metric_value_fn *fn, int arg, json_t *counts)
{
	return value_of(fn, arg, (struct run_record){.counts = counts});
}

static double failed(json_t *counts)
{
	return counted(insns_looked_for, INSN_EXCLUSIVE_FAILED, counts);
}

static void none_is_not_unknown(void **state)
{
	(void)state;
	assert_true(failed(json_pack("{s:[i,i]}", "exclusive-failed", 3, 4)) == 3.5);
	assert_true(failed(json_pack("{s:[i,i]}", "exclusive-failed", 0, 0)) == 0);
	assert_true(isnan(failed(json_pack("{s:[i,i],s:[i,i]}", "exclusive", 3, 4, "spin", 0, 0))));
}

#define ON_CPU(of, name) json_pack("{s:[i,i],s:[i,i]}", of, 1, 1, name, 0, 0)
#define ON_NEW_CPU(of)	 json_pack("{s:[i,i],s:[i,i],s:[i,i]}", of, 1, 1, "spin", 0, 0, "cache", 0, 0)

/* What an architecture has not, it has not 0 times. */
static void another_architecture_has_none(void **state)
{
	(void)state;
	assert_true(counted(insns_recorded, INSN_CAS, ON_CPU("isb", "spin")) == 0);
	assert_true(counted(insns_recorded, INSN_SPIN, ON_CPU("cr3", "spin")) == 0);
	assert_true(isnan(counted(insns_recorded, INSN_CAS, ON_CPU("cr3", "spin"))));
	assert_true(isnan(counted(insns_recorded, INSN_ZERO, ON_CPU("cr3", "spin"))));
	assert_true(isnan(counted(insns_recorded, INSN_CAS, ON_CPU("isb", "dsb"))));
	assert_true(isnan(counted(insns_of_class, INSN_INVLPG, ON_CPU("isb", "spin"))));
	assert_true(counted(insns_of_class, INSN_INVLPG, ON_CPU("serialise", "spin")) == 0);
	/* Journals before do not tell these apart. */
	assert_true(isnan(counted(insns_recorded, INSN_LDEOR, ON_CPU("isb", "spin"))));
	assert_true(counted(insns_recorded, INSN_LDEOR, ON_NEW_CPU("isb")) == 0);
}

/* Of x86, where there are several vCPUs. */
static void interrupts_are_looked_for(void **state)
{
	(void)state;
	assert_true(counted(insns_of_group, GROUP_IPI, ON_CPU("isb", "spin")) == 0);
	assert_true(isnan(counted(insns_of_group, GROUP_IPI, ON_CPU("cr3", "spin"))));
	assert_true(counted(insns_of_group, GROUP_IPI, ON_CPU("cr3", "ipi")) == 0);
	assert_true(counted(insns_of_group, GROUP_BARRIER, ON_CPU("serialise", "spin")) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_is_not_unknown),
		cmocka_unit_test(vma_locks_miss_and_retry),
		cmocka_unit_test(faults_of_the_kernel_are_no_retries),
		cmocka_unit_test(mmap_lock_is_not_0_where_it_is_not_seen),
		cmocka_unit_test(slow_paths_are_counted_together),
		cmocka_unit_test(pages_are_counted_once),
		cmocka_unit_test(another_architecture_has_none),
		cmocka_unit_test(interrupts_are_looked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
