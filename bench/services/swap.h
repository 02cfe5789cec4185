/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of swap.
 */
#ifndef BENCH_SERVICES_SWAP_H
#define BENCH_SERVICES_SWAP_H

#include "bench/bench.h"

/* Whether zswap is on, or has been since the machine was started, as far as can be seen. */
bool swap_had_zswap(void);

#endif
