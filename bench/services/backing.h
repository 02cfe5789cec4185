/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file behind areas that are not anonymous: nameless, so that nothing of it stays.
 */
#ifndef BENCH_SERVICES_BACKING_H
#define BENCH_SERVICES_BACKING_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/bench.h"

/*
 * Makes the run's file if there is none, and sees to it that so many bytes of ones are in its page
 * cache beyond those that areas map. 0 or -1 (bench_fail() has been called).
 */
int backing_file(struct bench_run *run, enum area_backing backing, size_t more);

/* A writable folder that is on a tmpfs, or is not. NULL if none of the usual ones is. */
const char *backing_folder(bool tmpfs);

#endif
