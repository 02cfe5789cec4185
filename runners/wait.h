/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUNNERS_WAIT_H
#define RUNNERS_WAIT_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Waits at most limit_s for a child to end by itself; after that its process group, or it alone if
 * it leads none, is killed. Returns whether it ended by itself; *ret_status is as from waitpid().
 */
bool wait_limited(pid_t pid, int limit_s, int *ret_status);

/* Seconds on a clock that never goes back. */
double wait_clock(void);

#endif
