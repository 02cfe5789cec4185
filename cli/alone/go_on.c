// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/alone/unattended.h"
#include "cli/alone/alone.h"

static int cmd_go_on(int argc, char **argv)
{
	int status;

	if (!options_read(&command_campaign_go_on, argc, argv, NULL, &status))
		return status;
	return alone_go_on();
}

static const struct cli_option options[] = {{0}};

const struct command command_campaign_go_on = {
	.name = "campaign go-on",
	.summary = "carry on with what `run --unattended` has begun",
	.about = "What the service does after each boot. It becomes the command that began the "
		 "campaign, in the folder and with the environment that that had; where none is "
		 "under way it does nothing.",
	.options = options,
	.run = cmd_go_on,
};
