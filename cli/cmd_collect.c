// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <unistd.h>

#include "campaign/collect/collect.h"
#include "cli/commands.h"
#include "common/exit.h"

struct wanted {
	const char *out;
};

static const struct cli_operand operands[] = {
	{"J", "journal", "a journal, or a folder, which stands for the *.jsonl in it",
	 .kind = WORD_JOURNAL, .many = true},
	{0},
};

static const struct cli_option options[] = {
	{"out", "J", "the journal to make", OPTION_AT(struct wanted, out), .kind = WORD_JOURNAL,
	 .required = true},
	{0},
};

static const struct cli_example examples[] = {
	{"collect shards --out exact.jsonl", "what `run --shard 1/7` to `--shard 7/7` wrote there"},
	{0},
};

static int cmd_collect(int argc, char **argv)
{
	struct wanted wanted = {0};
	int status;

	if (!options_read(&command_collect, argc, argv, &wanted, &status))
		return status;
	return campaign_collect(argv + optind, (size_t)(argc - optind), wanted.out);
}

const struct command command_collect = {
	.name = "collect",
	.summary = "the journals of parts of a plan, as one",
	.about = "Boots stand in the order of the plan, each once, whichever journals have it; "
		 "exact "
		 "ones are without the host's times, so that the same results are the same bytes, "
		 "however they were divided. A boot is known by its perturbation, if it was "
		 "counted, or the kernel's boot_id; boots of one number and several of these are "
		 "numbered anew. Two results for one run are an error. Exit status 1, with the "
		 "journal written, if boots of the plan are missing.",
	.operands = operands,
	.options = options,
	.examples = examples,
	.run = cmd_collect,
};
