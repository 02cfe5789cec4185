/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A point's values by their kind.
 */
#ifndef BENCH_SERVICES_RUN_H
#define BENCH_SERVICES_RUN_H

#include "bench/bench.h"

/* The value of the run's first parameter of a kind, or dflt. */
long point_value(const struct bench_run *run, enum bench_kind kind, long dflt);

/* Bytes that all of the point needs at once, with page tables for it and for a copy. */
size_t run_memory(const struct bench_run *run);

/* Whether as much is available now, and 64 MiB for what measures; *ret_have is how much is. */
bool run_memory_suffices(const struct bench_run *run, size_t *ret_have);

/*
 * Once a process. What is allocated between ops comes and goes without a trace. What is large is
 * mapped, and unmapped; for the rest the heap is grown now, and never trimmed. By no more than that
 * needs: malloc() would put there what is large, and what it leaves behind are pages that fork()
 * copies.
 */
void run_settle_heap(void);

#endif
