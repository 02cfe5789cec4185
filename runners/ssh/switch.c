// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/ssh/switch.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/msg.h"
#include "common/process.h"
#include "common/seconds.h"
#include "runners/machine.h"
#include "runners/ssh/host.h"
#include "runners/ssh/keys.h"

#define CLOCKS_S 10 /* by which clocks, and when one of them is read, may differ */

static void tell(const char *name, const char *value)
{
	setenv(name, value ? value : "", 1);
}

static bool run_command(const struct runner_boot *boot)
{
	const struct ssh_keys *k = ssh_keys(boot->machine);
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

/* A second later; false if nobody wants any more. */
static bool wait_a_moment(void)
{
	struct pollfd in = {STDIN_FILENO, 0, 0};

	return poll(&in, 1, 1000) == 0;
}

bool switch_kernel(const struct runner_boot *boot)
{
	const struct ssh_keys *k = ssh_keys(boot->machine);
	struct host before = {.boot_id = ""}, now;
	double begun, since = 0;
	char why[256];

	host_ask(boot->machine, &before, why);
	begun = seconds_now();
	if (!run_command(boot))
		return false;
	while (since < k->boot_limit_s) {
		since = seconds_now() - begun;
		if (host_ask(boot->machine, &now, why)) {
			if (strcmp(now.boot_id, before.boot_id) != 0 &&
			    now.uptime_s < seconds_now() - begun + CLOCKS_S)
				return true;
			snprintf(why, sizeof(why), "it is still in the boot that it was in");
		}
		if (!wait_a_moment())
			return false;
	}
	return err("%s: the host did not come up within %d s (boot-limit): %s", boot->what,
		   k->boot_limit_s, why);
}
