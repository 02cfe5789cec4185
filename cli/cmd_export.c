// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analysis/export/export.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/msg.h"

static int export_journals(char *const *paths, size_t nr, export_fn *format)
{
	struct sections sections;

	if (!sections_load(&sections, paths, nr))
		return EXIT_USAGE;
	format(stdout, &sections);
	sections_free(&sections);
	return EXIT_OK;
}

struct wanted {
	export_fn *format;
};

static bool each_format(size_t i, struct choice *ret)
{
	*ret = (struct choice){export_formats[i].name, export_formats[i].summary};
	return ret->name;
}

static bool take_format(void *at, const char *name)
{
	const struct export_format *f = export_formats;

	while (strcmp(f->name, name))
		f++;
	*(export_fn **)at = f->fn;
	return true;
}

static const struct cli_option options[] = {
	{"format", "F", "which programs", OPTION_AT(struct wanted, format), .choice = each_format,
	 .required = true, .take = take_format},
	{0},
};

static const struct cli_example examples[] = {
	{"export --format csv base.jsonl after.jsonl >runs.csv", "a row for each run"},
	{0},
};

static int cmd_export(int argc, char **argv)
{
	struct wanted wanted = {0};
	int status;

	if (!options_read(&command_export, argc, argv, &wanted, &status))
		return status;
	return export_journals(argv + optind, (size_t)(argc - optind), wanted.format);
}

const struct command command_export = {
	.name = "export",
	.summary = "the runs, for other programs",
	.about = "csv and json have a column or field for each metric of the runs, by the name "
		 "that --metric of other commands takes (docs/metrics.md): time/unit, "
		 "faulters.p99, cycles:k ... go has a unit for those that tables show. A "
		 "contended op lasts as long as the plan says: go leaves it out. Runs that are "
		 "void, skipped or failed have no numbers, and no line in go.",
	.operands = words_journals,
	.options = options,
	.examples = examples,
	.run = cmd_export,
};
