// SPDX-License-Identifier: GPL-2.0-or-later
/* The driver of emitted programs as such: threads of several processes. */
#include "bench/standalone/standalone.h"

extern const struct bench bench_fault;

const struct standalone_point standalone_point = {
	.name = "fault/write size=4M threads=2 processes=2",
	.bench = &bench_fault,
	.variant = 0,
	.value = {4 << 20, 0, 0, 2, 2},
	.threads = 2,
	.processes = 2,
	.warmup = 1,
	.iterations = 3,
	.needs = "",
};
