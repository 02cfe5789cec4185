/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a machine comes to run another kernel: by an entry of its loader's, by kexec, or by a command
 * of the user's, which is told of it by environment variables (docs/hardware.md).
 */
#ifndef RUNNERS_SWITCH_SWITCH_H
#define RUNNERS_SWITCH_SWITCH_H

#include "runners/runner.h"
#include "runners/switch/keys.h"
#include "runners/switch/reach.h"

struct switching {
	const struct switch_keys *keys;
	struct reach reach;
};

/*
 * Has the boot's kernel started and waits until the host is there in another boot. Where kernels
 * are installed, it is in the boot's entry then; else which kernel it runs is not looked at
 * (proof.h). False with a message printed, or if standard input ends.
 */
bool switch_kernel(const struct switching *s, const struct runner_boot *boot);

/*
 * All entries go, and the machine is booted into its own kernel if it is in one of them; that is
 * waited for unless a signal came (runners/signals.h). What cannot be done is said.
 */
void switch_back(const struct switching *s);

#endif
