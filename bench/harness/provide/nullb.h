/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The block device of the module null_blk that is made for a run (devices.h): it holds what is
 * written to it in memory, and each request takes as long as it is told.
 */
#ifndef BENCH_HARNESS_PROVIDE_NULLB_H
#define BENCH_HARNESS_PROVIDE_NULLB_H

#include <stdbool.h>
#include <stddef.h>

#define NULLB	   "/sys/kernel/config/nullb" /* the module's, in configfs */
#define NULLB_OURS NULLB "/faultbench"

/* Whether it can be made here: by root, where the module is loaded and configfs mounted. */
bool nullb_possible(void);

bool nullb_is_there(void);

/*
 * Makes it, of so many bytes, in MiB: its path. A request takes so many us more than copying does;
 * 0: it is over when it is passed on. 0 or an errno; then there is none.
 */
int nullb_make(size_t size, long us, char path[32]);

/* Takes it away; one that is not there is no error. 0 or an errno. */
int nullb_remove(void);

#endif
