// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_UNIT_BENCH_LIARS_H
#define TESTS_UNIT_BENCH_LIARS_H

/*
 * Benchmarks that lie, and what they share.
 */
#include "bench/bench.h"

enum {
	SIZE,
	THREADS,
	PROCESSES
};

/* What a variant does beside touching its memory honestly. */
struct lie {
	int (*setup)(struct bench_run *run);
	int (*arm)(struct bench_run *run);
	void (*op)(struct bench_run *run);
	void (*disarm)(void);
};

extern const struct lie lie_honest, lie_aborts, lie_leaves_group, lie_charges_others, lie_has_hole,
	lie_not_huge, lie_small_file, lie_fills_small_file, lie_fills_small_memfd, lie_is_cached,
	lie_moves, lie_spreads, lie_stops;
int lie_setup(struct bench_run *run);
int lie_arm(struct bench_run *run);

extern const struct bench bench_lie_beside, bench_counted;

#define NR_REFUSED 33

struct refused {
	struct bench bench;
	const struct bench *of;
};
extern struct refused refused[NR_REFUSED];

#endif
