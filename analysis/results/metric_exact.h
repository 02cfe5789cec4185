/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a run of exact mode gives its metrics: values of rows of metric_rows.c, NaN where a run has
 * none.
 */
#ifndef ANALYSIS_RESULTS_METRIC_EXACT_H
#define ANALYSIS_RESULTS_METRIC_EXACT_H

#include "analysis/results/metric.h"
#include "common/exact/names.h"

/* Instructions of an op in the kernel: all; of an insn_group, of one insn_class (arg). */
metric_value_fn insns_of_op, insns_of_group, insns_of_class;

/* Of one insn_class (arg) that journals before do not tell apart: they have none. */
metric_value_fn insns_recorded;

/* Likewise of a class that is looked for among exclusives, with several vCPUs. */
metric_value_fn insns_looked_for;

/* Slow paths of rw_semaphores that an op enters; mmap_lock is one of them. */
metric_value_fn rwsem_waits;

/* Pages of the base size that an op clears and copies (arg), a page at a time or several. None if
 * it has promised to, and enters no function that is known to. */
enum pages_done {
	PAGES_CLEARED,
	PAGES_COPIED
};
metric_value_fn pages_of_op;

/*
 * Of an op's faults (arg): how often mmap_lock was taken; those that tried the lock of a VMA and
 * went on without; and those that began again. One of user space that tries looks up the VMA once,
 * and is handled once; one that has to begin again is handled twice, and one that misses is
 * handled under mmap_lock, as are those that the kernel itself takes, which do not try. None where
 * the functions that an op entered do not tell.
 */
enum faults_how {
	FAULTS_MMAP_LOCK,
	FAULTS_MISSED,
	FAULTS_AGAIN
};
metric_value_fn locks_of_faults;

/* Of a data_kind, or NR_DATA_KINDS for all, what a line_number says: arg is kind * NR_LINE_NUMBERS
 * + number. */
metric_value_fn lines_of_op;

/* Instructions that are not the kernel's own for the op: user space's, interrupts' (arg 0, 1). */
metric_value_fn insns_beside;

/* Where a child runs in the op: what is left for who waits for it, the child's share (arg 0, 1). */
metric_value_fn insns_of_turn;

/* What an op misses in a cache_level (arg) of the model. */
metric_value_fn misses_of_op;

#endif
