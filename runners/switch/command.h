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
 * Runs a command of the keys' for a kernel; NULL: for the one that the machine starts by itself.
 * False with the reason, a line, new, in *ret_why if it fails: "failed with status 7: no".
 */
bool switch_command(const struct switch_keys *keys, const char *command,
		    const struct runner_kernel *kernel, char **ret_why);

#endif
