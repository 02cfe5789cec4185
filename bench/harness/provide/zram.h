/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Swap on a zram device that is made for it. Called by the keeper of knobs.c only, which takes it
 * away again on every way out.
 */
#ifndef BENCH_HARNESS_PROVIDE_ZRAM_H
#define BENCH_HARNESS_PROVIDE_ZRAM_H

#include <stdbool.h>
#include <stddef.h>

/* Whether this kernel and user can make one. */
bool zram_possible(void);

/* Makes a device of so many bytes and swaps on it. 0 with its number in *ret_device, or an errno.
 */
int zram_swap_on(size_t size, int *ret_device);

/* The opposite. 0 or an errno. */
int zram_swap_off(int device);

#endif
