/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command of the user's that has a machine start a kernel, which it is told of by environment
 * variables (docs/hardware.md).
 */
#ifndef RUNNERS_SWITCH_COMMAND_H
#define RUNNERS_SWITCH_COMMAND_H

#include "runners/runner.h"
#include "runners/switch/keys.h"

/*
 * Runs it for a kernel; NULL: for the one that the machine starts by itself. False with the reason,
 * a line, new, in *ret_why if it fails.
 */
bool switch_command(const struct switch_keys *keys, const struct runner_kernel *kernel,
		    char **ret_why);

#endif
