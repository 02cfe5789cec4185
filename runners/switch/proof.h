/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel that a host was switched to is the one that was wanted: what its "machine" record says
 * of it is compared with the image, and how it was started is added to that.
 */
#ifndef RUNNERS_SWITCH_PROOF_H
#define RUNNERS_SWITCH_PROOF_H

#include "runners/runner.h"

/*
 * Whether a kernel is the one that facts of a "machine" record speak of: by its release and, where
 * the image shows it, its build id. *ret_by, which may be NULL, says by which.
 */
bool proof_is(const struct runner_kernel *kernel, const json_t *facts, const char **ret_by);

/*
 * What facts say that runs, new: a release, and if it is that of the kernel, "6.1.0, build id
 * 1234".
 */
char *proof_name(const struct runner_kernel *kernel, const json_t *facts);

/*
 * Looks at the records of a boot on their way to whom they are for. kind is how it was started, the
 * fact boot.kind; borrowed; NULL: it is not known.
 */
void proof_begin(struct runner_boot *boot, const char *kind);

/* Ends that. False if another kernel came up, which was said, and its records refused. */
bool proof_end(struct runner_boot *boot);

#endif
