// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/results/results.h"
#include "analysis/tables.h"
#include "analysis/tables/published/formats.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/msg.h"

struct wanted {
	const char *base, *title;
	const struct format *format;
	int64_t functions;
	struct words_metrics metrics;
};

static int compare(char *const *paths, size_t nr, struct wanted *w)
{
	struct results results;
	struct tables t = {.results = &results,
			   .title = w->title,
			   .format = w->format,
			   .functions = (size_t)w->functions,
			   .base_named = w->base != NULL};
	int status = EXIT_USAGE;

	if (!words_fit(w->format, w->functions) || !results_load(&results, paths, nr))
		return EXIT_USAGE;
	if (!words_base(&results, w->base, &t.base) || !results_exact(&results, &t.exact))
		goto out;
	if (t.format && !format_can(t.format, t.exact))
		goto out;
	if (!words_metrics_find(&w->metrics, &results))
		goto out;
	t.metrics = w->metrics.of;
	t.nr_metrics = w->metrics.nr;
	tables_compare(stdout, &t);
	if (results.nr_kernels == 1)
		note("only one kernel, '%s', is in there: nothing to compare it with",
		     results.kernels[0].label);
	status = EXIT_OK;
out:
	results_free(&results);
	return status;
}

static const struct cli_option options[] = {
	{"format", "F", "the table's layout (default: cover; exact runs have one of their own)",
	 OPTION_AT(struct wanted, format), .choice = words_formats, .take = words_format},
	WORDS_BASE(struct wanted),
	{"title", "T", "what the table calls the machine (default: its CPU)",
	 OPTION_AT(struct wanted, title)},
	WORDS_FUNCTIONS(struct wanted),
	WORDS_METRIC(struct wanted,
		     "the table of that metric in place of all others, in any layout; named as for "
		     "`check`, several times for several"),
	{0},
};

static const struct cli_example examples[] = {
	{"compare base.jsonl after.jsonl", "the table for a cover letter"},
	{"compare --format mmtests --base v6.12 *.jsonl", "as MMTests prints it"},
	{0},
};

/* Prints what is wrong. */
static bool goes_together(const struct wanted *w)
{
	return !w->metrics.names.nr || !w->functions ||
	       err("--metric %s has no functions: leave it or --functions out",
		   w->metrics.names.words[0]);
}

static int cmd_compare(int argc, char **argv)
{
	struct wanted wanted = {0};
	int status;

	if (options_read(&command_compare, argc, argv, &wanted, &status))
		status = goes_together(&wanted)
				 ? compare(argv + optind, (size_t)(argc - optind), &wanted)
				 : EXIT_USAGE;
	words_metrics_free(&wanted.metrics);
	return status;
}

const struct command command_compare = {
	.name = "compare",
	.summary = "print the cover-letter table of kernels measured before",
	.about = "Each kernel's label in the journals is a row.",
	.operands = words_journals,
	.options = options,
	.examples = examples,
	.run = cmd_compare,
};
