/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why faults that tried to do without mmap_lock gave that up, as far as the kernel counts it.
 */
#ifndef ANALYSIS_TABLES_GIVEN_UP_H
#define ANALYSIS_TABLES_GIVEN_UP_H

#include "analysis/results/results.h"

/*
 * "gave up: 75% SPF_ABORT_VMA_SEQCOUNT, 25% SPF_ABORT_ODD": the shares of reasons that the cell's
 * ok runs have, of all that are known, malloc'ed; NULL if hardly a fault gave up, or no reason is
 * known. Of vma_lock_abort it is those that are no vma_lock_miss; of 2018 and 2019 the tracepoints
 * pagefault:spf_*, where the plan has them among its counters.
 */
char *given_up_text(const struct results *r, const struct result_cell *cell);

/* The share of faults without mmap_lock; NaN where the kernel does not count. cell may be NULL. */
double given_up_path(const struct results *r, const struct result_cell *cell);

#endif
