/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Switches of sysfs and sysctl that a run needs, put back on every way out. A keeper process of its
 * own does the writing, remembers the old values, and restores them when it is told to or when its
 * pipe closes, that is also when the worker is killed.
 */
#ifndef BENCH_HARNESS_PROVIDE_KNOBS_H
#define BENCH_HARNESS_PROVIDE_KNOBS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Claims this machine: two workers at a time would spoil each other's numbers, and each would save
 * the other's switches as what was there before. Waits wait_ms for one that is about to end; its
 * keeper holds the claim until all is put back. False if another one has it.
 */
bool knobs_claim(int wait_ms);

/* Starts the keeper. Call it once, before there are threads. False with errno. */
bool knobs_start(void);

/* Writes value to path, remembering what was there the first time. False with the reason in why. */
bool knobs_set(const char *path, const char *value, char *why, size_t room);

/* Swaps on a zram device of so many bytes, once. False with the reason in why. */
bool knobs_swap(size_t size, char *why, size_t room);

/* Restores everything, last change first. False with the reason of the first failure in why. */
bool knobs_restore(char *why, size_t room);

#endif
