// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/results.h"
#include "analysis/tables.h"
#include "analysis/tables/published/formats.h"
#include "cli/cli.h"
#include "common/exit.h"
#include "common/msg.h"

static int compare(char *const *paths, size_t nr, const char *base, struct tables *t,
		   struct cli_metrics *metrics)
{
	struct results results;
	int status = EXIT_USAGE;

	if (!cli_format(t->format, (int64_t)t->functions) || !results_load(&results, paths, nr))
		return EXIT_USAGE;
	t->results = &results;
	t->base_named = base != NULL;
	if (!cli_base(&results, base, &t->base) || !results_exact(&results, &t->exact))
		goto out;
	if (t->format && !format_can(t->format, t->exact))
		goto out;
	if (!cli_metrics_find(metrics, &results))
		goto out;
	t->metrics = metrics->of;
	t->nr_metrics = metrics->nr;
	tables_compare(stdout, t);
	if (results.nr_kernels == 1)
		note("only one kernel, '%s', is in there: nothing to compare it with",
		     results.kernels[0].label);
	status = EXIT_OK;
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
		{"metric", required_argument, NULL, 'm'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct tables tables = {0};
	const char *base = NULL;
	struct cli_metrics metrics = {0};
	int64_t functions;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 'b':
			base = optarg;
			break;
		case 't':
			tables.title = optarg;
			break;
		case 'F':
			tables.format = format_find(optarg);
			if (tables.format)
				break;
			return cli_usage("compare");
		case 'f':
			if (!cli_functions(optarg, &functions))
				return cli_usage("compare");
			tables.functions = (size_t)functions;
			break;
		case 'm':
			if (cli_metrics_take(&metrics, optarg))
				break;
			return EXIT_USAGE;
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
	if (metrics.nr && tables.functions) {
		err("--metric %s has no functions: leave it or --functions out", metrics.name[0]);
		return cli_usage("compare");
	}
	return compare(argv + optind, (size_t)(argc - optind), base, &tables, &metrics);
}
