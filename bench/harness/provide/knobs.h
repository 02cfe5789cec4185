/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Switches of sysfs and sysctl that a run needs, put back on every way out. A keeper process of its
 * own does the writing, and restores what was when it is told to or when its pipe closes, that is
 * also when the worker is killed. When the keeper is killed too, whoever comes next finds written
 * down what is to be put back (changes.h).
 */
#ifndef BENCH_HARNESS_PROVIDE_KNOBS_H
#define BENCH_HARNESS_PROVIDE_KNOBS_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/harness/provide/memcg.h"

/*
 * Puts back what an earlier process left when it was killed, and says so. For who has claimed the
 * machine (claim.h), before knobs_start(). Returns how much could not be put back; that is said
 * too.
 */
size_t knobs_put_back(void);

/* Starts the keeper. Call it once, before there are threads. False with errno. */
bool knobs_start(void);

/* Writes value to path, remembering what was there the first time. False with the reason in why. */
bool knobs_set(const char *path, const char *value, char *why, size_t room);

/* Swaps on a zram device of so many bytes, once. False with the reason in why. */
bool knobs_swap(size_t size, char *why, size_t room);

/* Makes a zram device of so many bytes, which nothing is on: its path. Likewise. */
bool knobs_disk(size_t size, char path[32], char *why, size_t room);

/* The same of null_blk, each of whose requests takes so many us. */
bool knobs_slow_disk(size_t size, long us, char path[32], char *why, size_t room);

/*
 * Makes so many control groups of memory in one another; *ret_path: the innermost, which a run is
 * to join (memcg.h). False with the reason in why.
 */
bool knobs_group(int levels, char ret_path[MEMCG_PATH], char *why, size_t room);

/* Restores everything, last change first. False with the reason of the first failure in why. */
bool knobs_restore(char *why, size_t room);

#endif
