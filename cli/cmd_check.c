// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/history.h"
#include "analysis/verdicts/print.h"
#include "cli/cli.h"
#include "common/exit.h"
#include "common/msg.h"

/* What the words ask for. */
struct wanted {
	const char *base, *against;
	double threshold; /* NaN: the plan's */
	check_print_fn *print;
	struct check_origin origin;
	struct cli_metrics metrics;
};

static int check(char *const *paths, size_t nr, struct wanted *wanted)
{
	int status = EXIT_USAGE;
	struct results results;
	struct check check = {.results = &results, .threshold = wanted->threshold};
	bool exact;
	size_t i;

	if (!results_load(&results, paths, nr))
		return EXIT_USAGE;
	if (!cli_base(&results, wanted->base, &check.base) || !results_exact(&results, &exact))
		goto out;
	if (results.nr_kernels == 1) {
		err("only one kernel, '%s', is in there: nothing to compare it with (run --label "
		    "names a kernel)",
		    results.kernels[0].label);
		goto out;
	}
	if (!cli_metrics_find(&wanted->metrics, &results))
		goto out;
	check.metrics = wanted->metrics.of;
	check.nr_metrics = wanted->metrics.nr;
	check.all = wanted->metrics.all;
	if (wanted->against && !history_read(&results, check.base, wanted->against))
		goto out;
	if (!check_make(&check)) {
		err("out of memory");
		goto out;
	}
	wanted->print(stdout, &check, &wanted->origin);
	/* Formats for CI systems have no place for what concerns no point alone. */
	for (i = 0;
	     wanted->print != check_text && wanted->print != check_json && i < results.warnings.nr;
	     i++)
		note("%s", results.warnings.text[i]);
	status = check_status(&check);
	check_free(&check);
out:
	results_free(&results);
	return status;
}

/* KCIDB allows no other names. */
static bool is_origin(const char *name)
{
	const char *c;

	for (c = name; islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_'; c++)
		;
	return (*name && !*c) ||
	       err("--origin %s: must be of the letters a-z, digits and '_'", name);
}

static bool is_build_id(const char *id)
{
	return strchr(id, ':') || err("--build-id %s: must be ORIGIN:ID", id);
}

static bool take_option(struct wanted *wanted, int option)
{
	switch (option) {
	case 'b':
		wanted->base = optarg;
		return true;
	case 't':
		return cli_threshold(optarg, &wanted->threshold);
	case 'a':
		wanted->against = optarg;
		return true;
	case 'f':
		wanted->print = check_printer(optarg);
		return wanted->print || err("--format %s: there are %s", optarg, check_formats);
	case 'm':
		return cli_metrics_take(&wanted->metrics, optarg);
	case 'M':
		return cli_metrics_all(&wanted->metrics, optarg);
	case 'o':
		wanted->origin.name = optarg;
		return is_origin(optarg);
	case 'i':
		wanted->origin.build_id = optarg;
		return is_build_id(optarg);
	default:
		return false;
	}
}

int cmd_check(int argc, char **argv)
{
	static const struct option options[] = {
		{"base", required_argument, NULL, 'b'},
		{"threshold", required_argument, NULL, 't'},
		{"against", required_argument, NULL, 'a'},
		{"format", required_argument, NULL, 'f'},
		{"metric", required_argument, NULL, 'm'},
		{"metrics", required_argument, NULL, 'M'},
		{"origin", required_argument, NULL, 'o'},
		{"build-id", required_argument, NULL, 'i'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct wanted wanted = {
		.threshold = NAN, .print = check_text, .origin = {.name = "faultbench"}};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h')
			return cli_help("check");
		if (!take_option(&wanted, option))
			return cli_usage("check");
	}
	if (optind == argc) {
		err("check: no journal given");
		return cli_usage("check");
	}
	return check(argv + optind, (size_t)(argc - optind), &wanted);
}
