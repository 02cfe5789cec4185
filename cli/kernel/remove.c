// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "cli/kernel/kernel.h"

static const struct cli_operand operands[] = {
	{"LABEL", "label", "as `kernel list` shows it", .kind = WORD_KERNEL},
	{0},
};

static int cmd_kernel_remove(int argc, char **argv)
{
	int status;

	if (!options_read(&command_kernel_remove, argc, argv, NULL, &status))
		return status;
	return kernel_remove(argv[optind]);
}

const struct command command_kernel_remove = {
	.name = "kernel remove",
	.summary = "delete a kernel from the cache",
	.about = KERNEL_CACHE,
	.operands = operands,
	.run = cmd_kernel_remove,
};
