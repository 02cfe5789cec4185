// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "campaign/command.h"
#include "campaign/fit.h"
#include "campaign/verify.h"
#include "cli/cache/cache.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/units.h"

struct wanted {
	struct asked asked;
	int64_t sample;
};

static bool take_sample(void *at, const char *word)
{
	return units_parse_int(word, 1, 100000, at) ||
	       err("--sample %s: must be a whole number from 1 to 100000", word);
}

static const struct cli_operand operands[] = {ASKED_OPERAND, {0}};

static const struct cli_option options[] = {
	ASKED_PLAN,
	ASKED_MACHINE,
	ASKED_KERNELS,
	WORDS_BOOTS(struct asked),
	ASKED_JOBS,
	CACHE_FOLDER,
	ASKED_AA,
	WORDS_SET(struct asked),
	WORDS_SCALE(struct asked),
	WORDS_LINES(struct asked),
	WORDS_CACHE_MODEL(struct asked),
	WORDS_CALLS(struct asked),
	WORDS_PROFILE(struct asked),
	{"sample", "N", "so many of them (default: 3), spread over the plan",
	 OPTION_AT(struct wanted, sample), .take = take_sample},
	{0},
};

static const struct cli_example examples[] = {
	{"cache verify --machine x86-exact --kernel a=v6.1 --cache results", "three boots again"},
	{0},
};

/* Whether there is anything to verify. Prints what is wrong. */
static bool fits(const struct asked *a)
{
	return a->machine.counts ||
	       err("cache verify: times are never the same again; what a machine with accel = "
		   "exact counts is, and %s measures times",
		   a->machine.name);
}

static int cmd_cache_verify(int argc, char **argv)
{
	json_t *command = command_record(argc, argv);
	struct wanted o = {.sample = 3};
	int status;

	if (options_read(&command_cache_verify, argc, argv, &o, &status)) {
		status = EXIT_USAGE;
		if (asked_read(&o.asked, argv[optind]) && fits(&o.asked) &&
		    measure_fit(&o.asked.plan, &o.asked.machine, o.asked.words.boots) &&
		    asked_choose(&o.asked)) {
			o.asked.campaign.command = command;
			status = units_verify(&o.asked.campaign, (size_t)o.sample);
		}
	}
	asked_free(&o.asked);
	json_decref(command);
	return status;
}

const struct command command_cache_verify = {
	.name = "cache verify",
	.summary = "measure some results of a folder again, and compare",
	.about =
		"The words are those of `run`, on a machine that counts. The boots are carried out "
		"in full, and what comes of them has to be, but for the host's clock, what is "
		"there. If it is not, a result does not follow from what it is named by, and "
		"neither can be trusted: exit status 1, with what differs. The folder is only "
		"read.",
	.operands = operands,
	.options = options,
	.examples = examples,
	.run = cmd_cache_verify,
};
