/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of a guest that is touched for the first time costs its host's fault too (7.9 us against
 * 1.5 us on one VM), and a host may take free memory back. So a run touches as much as it will need
 * before its warm-up, and measures whether that mattered.
 */
#ifndef BENCH_HARNESS_TIMING_PREFAULT_H
#define BENCH_HARNESS_TIMING_PREFAULT_H

#include <stddef.h>
#include <time.h>

/* Touches size bytes of fresh base pages and gives them back. Returns ns a page, 0 for no page. */
double warm_touch(size_t size, clockid_t clock);

#endif
