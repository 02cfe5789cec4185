/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of faultbench. Each takes what follows its name (argv[0] is the name) and returns an
 * exit status of common/exit.h.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/options/options.h"

extern const struct command command_batch, command_bisect_step, command_check, command_collect,
	command_compare, command_doctor, command_emit_c, command_export, command_list, command_plot,
	command_power, command_report, command_run, command_series, command_show, command_try;

/* All of them, in the order of the help; then NULL. */
extern const struct command *const commands[];

#endif
