/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Needs that are made for a run and taken away by knobs_restore(): swap on a zram device of its
 * own, such a device, or one of null_blk, as a disk, and hugetlb pages.
 */
#ifndef BENCH_HARNESS_PROVIDE_PROVIDE_H
#define BENCH_HARNESS_PROVIDE_PROVIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/bench.h"

/* Whether there is, or can be made, swap, hugetlb pages or a disk of so many bytes. */
bool provide_can_swap(size_t size);
bool provide_can_hugetlb(size_t size);
bool provide_can_gigantic(size_t size);
bool provide_can_zswap(size_t size);
bool provide_can_ksm(size_t size);
bool provide_can_khugepaged(size_t size);
bool provide_can_test_vmalloc(size_t size);
bool provide_can_disk(size_t size);
bool provide_can_slow_disk(size_t size);
bool provide_can_fault_around(size_t size);

/*
 * What is reclaimed, swapped or read from a disk is not where it was once DAMON reclaims too, and
 * one page that it holds the lock of is passed over. Who may not turn it off has a void run at
 * times.
 */
#define NEEDS_NO_DAMON (NEED_UNSAMPLED | NEED_SWAP | NEED_BLOCK | NEED_DISK)

/* Makes what of a point's needs, a mask of enum bench_need, can be made. False with the reason. */
bool provide(const struct bench_run *point, unsigned long needs, char *why, size_t room);

#endif
