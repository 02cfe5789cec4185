/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command of the user's that has a machine start a kernel, which it is told of by environment
 * variables (docs/hardware.md).
 */
#ifndef RUNNERS_SWITCH_COMMAND_H
#define RUNNERS_SWITCH_COMMAND_H

#include "runners/runner.h"
#include "runners/switch/keys.h"

/* Runs it. False with a message printed if it fails. */
bool switch_command(const struct runner_boot *boot, const struct switch_keys *keys);

#endif
