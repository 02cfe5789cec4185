// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/tables.h"
#include "analysis/tables/published/formats.h"
#include "analysis/text/grid.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/msg.h"

struct wanted {
	const char *base, *title;
	const struct format *format;
	int64_t functions, lines;
	struct words_metrics metrics;
};

/* Sections that the layout can show; if there is none, says why. */
static bool keep_shown(struct sections *s, const struct format *format)
{
	size_t i = s->nr, shown = 0;

	while (i--)
		shown += !format || format->counts || !results_exact(&s->of[i].results);
	if (!shown)
		return format_can(format, true);
	for (i = s->nr; format && !format->counts && i--;) {
		if (!results_exact(&s->of[i].results))
			continue;
		note("exact counts are left out: --format %s judges by noise", format->name);
		sections_drop(s, i);
	}
	return true;
}

static void print_section(const struct wanted *w, const struct sections *s, size_t i)
{
	const struct results *r = &s->of[i].results;
	struct tables t = {.results = r,
			   .base = s->of[i].base,
			   .title = w->title,
			   .format = w->format,
			   .functions = s->nr == 1 || results_exact(r) ? (size_t)w->functions : 0,
			   .lines = s->nr == 1 || results_exact(r) ? (size_t)w->lines : 0,
			   .base_named = w->base != NULL,
			   .metrics = w->metrics.of[i],
			   .nr_metrics = w->metrics.nr[i]};

	if (i)
		fputs("\n\n", stdout);
	if (s->nr > 1)
		text_head(stdout, source_title(r->source));
	tables_compare(stdout, &t);
	if (r->nr_kernels == 1)
		note("only one kernel, '%s', is in there: nothing to compare it with",
		     r->kernels[0].label);
}

static int compare(char *const *paths, size_t nr, struct wanted *w)
{
	int status = EXIT_USAGE;
	struct sections s;
	size_t i;

	if (!words_fit(w->format, w->functions ? w->functions : w->lines) ||
	    !sections_load(&s, paths, nr))
		return EXIT_USAGE;
	if (words_base(&s, w->base) && keep_shown(&s, w->format) &&
	    words_metrics_find(&w->metrics, &s)) {
		for (i = 0; i < s.nr; i++)
			print_section(w, &s, i);
		status = EXIT_OK;
	}
	sections_free(&s);
	return status;
}

static const struct cli_option options[] = {
	{"format", "F", "the table's layout (default: cover; exact runs have one of their own)",
	 OPTION_AT(struct wanted, format), .choice = words_formats, .take = words_format},
	WORDS_BASE(struct wanted),
	{"title", "T", "what the table calls the machine (default: its CPU)",
	 OPTION_AT(struct wanted, title)},
	WORDS_FUNCTIONS(struct wanted),
	{"lines", "N",
	 "exact runs with --lines: the N kernel functions (15) whose first touches of lines differ "
	 "most",
	 OPTION_AT(struct wanted, lines), .optional = true, .take = words_functions},
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
