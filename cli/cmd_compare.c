// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/format.h"
#include "analysis/results.h"
#include "analysis/table_cover.h"
#include "analysis/table_exact.h"
#include "analysis/table_series.h"
#include "cli/cli.h"
#include "common/exit.h"
#include "common/msg.h"

/* What the words ask for. */
struct wanted {
	const char *base, *title;
	const struct format *format; /* NULL: what suits the results */
	int64_t functions;	     /* 0: none */
};

static void print_table(const struct results *results, size_t base, bool exact,
			const struct wanted *w)
{
	if (w->format)
		table_cover(stdout, results, base, w->title, exact, w->format->layout);
	else if (series_in(results) && !w->base)
		table_series(stdout, results, exact, w->title, (size_t)w->functions);
	else if (exact)
		table_exact(stdout, results, base, w->title, (size_t)w->functions);
	else
		table_cover(stdout, results, base, w->title, false, NULL);
	if (!exact && w->functions)
		table_no_functions(stdout);
}

static int compare(char *const *paths, size_t nr, const struct wanted *wanted)
{
	struct results results;
	int status = EXIT_USAGE;
	bool exact;
	size_t base;

	if (!cli_format(wanted->format, wanted->functions) || !results_load(&results, paths, nr))
		return EXIT_USAGE;
	if (!cli_base(&results, wanted->base, &base) || !results_exact(&results, &exact))
		goto out;
	if (wanted->format && !format_can(wanted->format, exact))
		goto out;
	print_table(&results, base, exact, wanted);
	if (results.nr_kernels == 1)
		note("only one kernel, '%s', is in there: nothing to compare it with",
		     results.kernels[0].label);
	status = fflush(stdout) ? EXIT_FAILED : EXIT_OK;
out:
	results_free(&results);
	return status;
}

int cmd_compare(int argc, char **argv)
{
	static const struct option options[] = {
		{"base", required_argument, NULL, 'b'},
		{"title", required_argument, NULL, 't'},
		{"format", required_argument, NULL, 'F'},
		{"functions", optional_argument, NULL, 'f'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct wanted wanted = {0};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 'b':
			wanted.base = optarg;
			break;
		case 't':
			wanted.title = optarg;
			break;
		case 'F':
			wanted.format = format_find(optarg);
			if (wanted.format)
				break;
			return cli_usage("compare");
		case 'f':
			if (cli_functions(optarg, &wanted.functions))
				break;
			return cli_usage("compare");
		case 'h':
			return cli_help("compare");
		default:
			return cli_usage("compare");
		}
	}
	if (optind == argc) {
		err("compare: no journal given");
		return cli_usage("compare");
	}
	return compare(argv + optind, (size_t)(argc - optind), &wanted);
}
