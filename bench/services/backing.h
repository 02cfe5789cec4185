/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file behind areas that are not anonymous: nameless, so that nothing of it stays.
 */
#ifndef BENCH_SERVICES_BACKING_H
#define BENCH_SERVICES_BACKING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "bench/bench.h"

/* Names the block device of BACK_BLOCK: what is on it is lost. */
#define BLOCK_DEVICE "FAULTBENCH_BLOCK"

/*
 * Makes the run's file if there is none, and sees to it that as many bytes of ones as the area has
 * are in its page cache beyond those that areas map, in folios of the area's order as far as its
 * file system makes them; of a memfd, where the area has an order, only that the file is so long. 0
 * or -1 (bench_fail() has been called).
 */
int backing_file(struct bench_run *run, const struct bench_area *area);

/*
 * Makes that part of the file, on a disk, anew which an area maps: what the kernel has reclaimed
 * before it was mapped comes back in other folios. All areas of the run are of that file. The part
 * begins at *ret_from. Likewise.
 */
int backing_renew(struct bench_run *run, const struct bench_area *area, off_t *ret_from);

/* A writable folder that is on a tmpfs, or is not. NULL if none of the usual ones is. */
const char *backing_folder(bool tmpfs);

#endif
