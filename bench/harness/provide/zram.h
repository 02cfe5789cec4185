/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A zram device that is made for a run: swap is on it, or it is a disk. Called by changes.c only,
 * which writes down what is made before, and takes it away again on every way out. Functions return
 * 0 or an errno.
 */
#ifndef BENCH_HARNESS_PROVIDE_ZRAM_H
#define BENCH_HARNESS_PROVIDE_ZRAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define ZRAM_REMOVE "/sys/class/zram-control/hot_remove"

/* Whether this kernel and user can make one. */
bool zram_possible(void);

/* The numbers of those there are, a new array; and whether one is among them. */
json_t *zram_devices(void);
bool zram_has(const json_t *devices, int device);

/* Makes a device, without a size yet. */
int zram_add(int *ret_device);

/* Gives it so many bytes; and swaps on it then. */
int zram_resize(int device, size_t size);
int zram_swap_on(int device, size_t size);

/* Takes it away, with the swap on it. */
int zram_remove(int device);

/* Whether it has no size, as one that was just made. */
bool zram_is_unused(int device);

/*
 * Whether it is one of these: swapped on, our name is in its header; if it is not, it has that size
 * or none.
 */
bool zram_is_ours(int device, size_t size);

#endif
