/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folder of a keeper, which is the current one.
 */
#ifndef BENCH_HARNESS_KEEP_FOLDER_H
#define BENCH_HARNESS_KEEP_FOLDER_H

#include <stdbool.h>

/* Locks it, so that it is known to be in use, for as long as this process and its children are
 * there. False with a message printed. */
bool folder_take(void);

/*
 * Removes folders beside it whose keepers were killed, and has all that was written reach the disk
 * now: else the kernel does that some time later.
 */
void folder_settle(void);

/* Removes it with all that is in it. */
void folder_leave(void);

#endif
