// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>

#include "analysis/export/export.h"
#include "cli/cli.h"
#include "common/exit.h"
#include "common/msg.h"

static int export_journals(char *const *paths, size_t nr, export_fn *format)
{
	struct results results;

	if (!results_load(&results, paths, nr))
		return EXIT_USAGE;
	format(stdout, &results);
	results_free(&results);
	return EXIT_OK;
}

int cmd_export(int argc, char **argv)
{
	static const struct option options[] = {
		{"format", required_argument, NULL, 'f'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	export_fn *format = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h')
			return cli_help("export");
		if (option == 'f')
			format = export_format(optarg);
		if (option == 'f' && !format)
			err("--format %s: there are %s", optarg, export_formats);
		if (!format)
			return cli_usage("export");
	}
	if (!format || optind == argc) {
		err("export: %s", format ? "no journal given" : "no --format given");
		return cli_usage("export");
	}
	return export_journals(argv + optind, (size_t)(argc - optind), format);
}
