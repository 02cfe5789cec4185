/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel that a machine was switched to is the one that was wanted: what its "machine" record
 * says of it is compared with the image, and how it was started is added to that.
 */
#ifndef RUNNERS_SWITCH_PROOF_H
#define RUNNERS_SWITCH_PROOF_H

#include "runners/runner.h"

/*
 * Looks at the records of a boot, which came up in that way ("kexec"), on their way to whom they
 * are for.
 */
void proof_begin(struct runner_boot *boot, const char *boot_kind);

/* Ends that. False if another kernel came up, which was said, and its records refused. */
bool proof_end(struct runner_boot *boot);

#endif
