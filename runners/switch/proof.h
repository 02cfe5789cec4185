/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel that a host was switched to is the one that was wanted: what its "machine" record says
 * of it is compared with the image, and how it was started is added to that.
 */
#ifndef RUNNERS_SWITCH_PROOF_H
#define RUNNERS_SWITCH_PROOF_H

#include "runners/runner.h"
#include "runners/switch/keys.h"

/*
 * Whether the kernel that facts of a "machine" record speak of is the one that was started as keys
 * say. *ret, malloc'ed, is by what that is proved, "release, build id", or what else it is.
 */
bool proof_is(const struct runner_kernel *kernel, const struct switch_keys *keys,
	      const json_t *facts, char **ret);

/*
 * Looks at the records of a boot on their way to whom they are for. Its kernel was started as keys,
 * which outlive it, say.
 */
void proof_begin(struct runner_boot *boot, const struct switch_keys *keys);

/* Ends that. False if another kernel came up, which was said, and its records refused. */
bool proof_end(struct runner_boot *boot);

#endif
