// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/alone/unattended.h"
#include "cli/alone/alone.h"

struct stop_options {
	const char *out;
};

static int cmd_stop(int argc, char **argv)
{
	struct stop_options o = {0};
	int status;

	if (!options_read(&command_campaign_stop, argc, argv, &o, &status))
		return status;
	return alone_stop(o.out);
}

static const struct cli_option options[] = {
	{"out", "J", "only if that is its journal", OPTION_AT(struct stop_options, out),
	 .kind = WORD_JOURNAL},
	{0},
};

const struct command command_campaign_stop = {
	.name = "campaign stop",
	.summary = "end what `run --unattended` has begun",
	.about = "The run under way is ended and cleaned up after, the service goes, and the next "
		 "boot is that of the machine's own kernel. What was measured is in the journal; "
		 "the same `run` goes on there.",
	.options = options,
	.run = cmd_stop,
};
