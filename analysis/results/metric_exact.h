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

/* Functions of the kernel that an op enters, by which of them mean what (arg). */
enum called {
	CALLED_RWSEM_WAITS,	 /* the slow paths of rw_semaphores, of which mmap_lock is one */
	CALLED_MMAP_LOCK_FAULTS, /* faults of user space that take mmap_lock */
	CALLED_PAGES_CLEARED,	 /* a page of the base size each */
	CALLED_PAGES_COPIED,
	NR_CALLED
};
metric_value_fn calls_of_op;

/*
 * Faults that tried the lock of a VMA and went on without (arg 0), and those that gave it up on the
 * way and began again (1). A fault that tries looks up the VMA once, and is handled once; one that
 * has to begin again is handled twice, and one that misses is handled under mmap_lock.
 */
metric_value_fn vma_lock_faults;

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
