// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/command.h"

#include <stdlib.h>

#include "common/files.h"
#include "common/process.h"

static void tell(const char *name, const char *value)
{
	setenv(name, value ? value : "", 1);
}

bool switch_command(const struct switch_keys *k, const char *command,
		    const struct runner_kernel *kernel, char **ret_why)
{
	const char *const words[] = {"sh", "-c", command, NULL};
	char *text = NULL;
	int status;

	tell("FAULTBENCH_LABEL", kernel ? kernel->label : NULL);
	tell("FAULTBENCH_IMAGE", kernel ? kernel->image : NULL);
	tell("FAULTBENCH_INITRD", k->initrd);
	tell("FAULTBENCH_COMMAND_LINE", k->cmdline);
	tell("FAULTBENCH_RELEASE", kernel ? kernel->release : NULL);
	status = child_run(words, NULL, &text, NULL);
	if (status)
		*ret_why = files_text("failed with status %d%s%s", status,
				      text && *text ? ": " : "", text ? child_last_line(text) : "");
	free(text);
	return !status;
}
