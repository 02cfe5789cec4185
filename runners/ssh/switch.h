/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a host comes to run another kernel: by a command of the user's, which is told of it by
 * environment variables (docs/hardware.md).
 */
#ifndef RUNNERS_SSH_SWITCH_H
#define RUNNERS_SSH_SWITCH_H

#include "runners/runner.h"

/*
 * Has the command started and waits until the host is there in another boot, which is as young as
 * that. Which kernel it runs is not looked at (proof.h). False with a message printed, or if
 * standard input ends.
 */
bool switch_kernel(const struct runner_boot *boot);

#endif
