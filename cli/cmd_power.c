// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "analysis/verdicts/power.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/units.h"

/* Whether the first section has what there is power of; of the others nothing is told. */
static bool fits(const struct sections *s)
{
	const struct results *r = &s->of[0].results;
	size_t i;

	if (results_exact(r))
		return err("power is about times; counts repeat, and `compare` tells their spread");
	if (r->nr_kernels == 1)
		return err("only one kernel is in there; `run --aa` measures one as two");
	for (i = 1; i < s->nr; i++)
		note("%s are left out", source_title(s->of[i].results.source));
	return true;
}

struct wanted {
	const char *base;
	double effect, threshold; /* NaN: as the threshold has it; the plan's */
};

static int power(char *const *paths, size_t nr, const struct wanted *w)
{
	struct check check = {.relabel = true, .threshold = w->threshold};
	int status = EXIT_USAGE;
	struct sections s;

	if (!sections_load(&s, paths, nr))
		return EXIT_USAGE;
	if (words_base(&s, w->base) && fits(&s)) {
		check.results = &s.of[0].results;
		check.base = s.of[0].base;
		if (check_make(&check))
			status = table_power(stdout, &check, w->effect) ? EXIT_OK
									: EXIT_INCONCLUSIVE;
		else
			err("out of memory");
		check_free(&check);
	}
	sections_free(&s);
	return status;
}

static bool take_effect(void *at, const char *word)
{
	double *effect = at;

	return (units_parse_percent(word, effect) && *effect > 0) ||
	       err("--effect %s: must be a percentage above 0%%, such as 1%%", word);
}

static const struct cli_option options[] = {
	WORDS_BASE(struct wanted),
	{"effect", "P", "the change to be called a regression (default: 1.5 times the threshold)",
	 OPTION_AT(struct wanted, effect), .take = take_effect},
	{"threshold", "P", "a change that is none to report (default: the plan's, or 2%)",
	 OPTION_AT(struct wanted, threshold), .take = words_threshold},
	{0},
};

static const struct cli_example examples[] = {
	{"run fork-1g --aa --out aa.jsonl", "one kernel as two, to have what follows"},
	{"power --effect 5% aa.jsonl", "how many boots make `check` call 5 % a regression"},
	{0},
};

static int cmd_power(int argc, char **argv)
{
	struct wanted wanted = {.effect = NAN, .threshold = NAN};
	int status;

	if (!options_read(&command_power, argc, argv, &wanted, &status))
		return status;
	return power(argv + optind, (size_t)(argc - optind), &wanted);
}

const struct command command_power = {
	.name = "power",
	.summary = "what `check` will say of a design, and how often wrongly",
	.about = "Of journals of two kernels, best of one measured as two (`run --aa`).",
	.operands = words_journals,
	.options = options,
	.examples = examples,
	.run = cmd_power,
};
