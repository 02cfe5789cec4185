// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/command.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg.h"
#include "common/process.h"

static void tell(const char *name, const char *value)
{
	setenv(name, value ? value : "", 1);
}

bool switch_command(const struct runner_boot *boot, const struct switch_keys *k)
{
	const char *const words[] = {"sh", "-c", k->command, NULL};
	char *text = NULL, *end;
	int status;

	tell("FAULTBENCH_LABEL", boot->kernel->label);
	tell("FAULTBENCH_IMAGE", boot->kernel->image);
	tell("FAULTBENCH_INITRD", k->initrd);
	tell("FAULTBENCH_COMMAND_LINE", k->cmdline);
	tell("FAULTBENCH_RELEASE", boot->kernel->release);
	status = child_run(words, NULL, &text, NULL);
	if (status) {
		for (end = text + strlen(text); end > text && end[-1] == '\n'; end--)
			end[-1] = '\0';
		end = strrchr(text, '\n');
		err("%s: the switch failed with status %d: %s", boot->what, status,
		    end ? end + 1 : text);
	}
	free(text);
	return !status;
}
