// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/ssh/switch.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/msg.h"
#include "common/seconds.h"
#include "runners/machine.h"
#include "runners/ssh/host.h"
#include "runners/ssh/keys.h"
#include "runners/switch/command.h"

#define CLOCKS_S 10 /* by which clocks, and when one of them is read, may differ */

/* A second later; false if nobody wants any more. */
static bool wait_a_moment(void)
{
	struct pollfd in = {STDIN_FILENO, 0, 0};

	return poll(&in, 1, 1000) == 0;
}

static bool start_kernel(const struct runner_boot *boot, const struct switch_keys *k)
{
	char *why = NULL;
	bool ok = switch_command(k, boot->kernel, &why);

	if (!ok)
		err("%s: %s", boot->what, why);
	free(why);
	return ok;
}

bool switch_kernel(const struct runner_boot *boot)
{
	const struct switch_keys *k = &ssh_keys(boot->machine)->sw;
	struct host before = {.boot_id = ""}, now;
	double begun, since = 0;
	char why[256];

	host_ask(boot->machine, &before, why);
	begun = seconds_now();
	if (!start_kernel(boot, k))
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
