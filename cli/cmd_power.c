// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>

#include "analysis/verdicts/power.h"
#include "cli/cli.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/units.h"

#define EFFECT 0.01 /* what users ask for first */

static int power(char *const *paths, size_t nr, const char *base, double effect)
{
	int status = EXIT_USAGE;
	struct results results;
	struct check check = {.results = &results, .relabel = true};
	bool exact;

	if (!results_load(&results, paths, nr))
		return EXIT_USAGE;
	if (!cli_base(&results, base, &check.base) || !results_exact(&results, &exact))
		goto out;
	if (exact || results.nr_kernels == 1) {
		err(exact ? "power is about times; counts repeat, and `compare` tells their spread"
			  : "only one kernel is in there; `run --aa` measures one as two");
		goto out;
	}
	if (!check_make(&check)) {
		err("out of memory");
		goto out;
	}
	status = table_power(stdout, &check, effect) ? EXIT_OK : EXIT_INCONCLUSIVE;
	check_free(&check);
out:
	results_free(&results);
	return status;
}

int cmd_power(int argc, char **argv)
{
	static const struct option options[] = {
		{"base", required_argument, NULL, 'b'},
		{"effect", required_argument, NULL, 'e'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *base = NULL;
	double effect = EFFECT;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h')
			return cli_help("power");
		if (option == 'b')
			base = optarg;
		else if (option != 'e' || !units_parse_percent(optarg, &effect) || !(effect > 0))
			return option == 'e' ? (err("--effect %s: must be a percentage above 0%%, "
						    "such as 1%%",
						    optarg),
						cli_usage("power"))
					     : cli_usage("power");
	}
	if (optind == argc) {
		err("power: no journal given");
		return cli_usage("power");
	}
	return power(argv + optind, (size_t)(argc - optind), base, effect);
}
