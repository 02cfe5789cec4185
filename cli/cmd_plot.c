// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/plot/plot.h"
#include "cli/cli.h"
#include "common/exit.h"
#include "common/msg.h"

#define PANELS 16 /* in one picture; more are too small to read */

/* What the words ask for. */
struct wanted {
	const char *out;
	enum plot_kind kind;
	enum plot_medium medium;
	bool script; /* instead of the picture */
	struct cli_metrics metrics;
};

static bool has_end(const char *name, const char *end)
{
	size_t length = strlen(name);

	return length > strlen(end) && !strcmp(name + length - strlen(end), end);
}

static bool take_out(struct wanted *wanted, const char *name)
{
	wanted->out = name;
	wanted->script = has_end(name, ".gp");
	wanted->medium = has_end(name, ".svg") ? PLOT_SVG
			 : !strcmp(name, "-")  ? PLOT_TEXT
					       : PLOT_PNG;
	return wanted->script || wanted->medium != PLOT_PNG || has_end(name, ".png") ||
	       err("--out %s: must end in .png, .svg or .gp, or be - for text", name);
}

/* Draws before the file is opened: none is left without its picture. */
static int write_plot(const struct plot *plot, const struct wanted *wanted)
{
	char *picture = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&picture, &size), *out;
	int status = EXIT_OK;

	if (!memory) {
		err("out of memory");
		return EXIT_FAILED;
	}
	if (wanted->script)
		plot_script(memory, plot->panel, plot->nr, PLOT_PNG);
	else
		status = plot_draw(memory, plot, wanted->medium);
	fclose(memory);
	if (status == EXIT_OK && !strcmp(wanted->out, "-")) {
		fwrite(picture, 1, size, stdout); /* main() tells if it cannot be written */
	} else if (status == EXIT_OK) {
		out = fopen(wanted->out, "we");
		if (!out || fwrite(picture, 1, size, out) != size || fclose(out)) {
			err_errno("%s: cannot be written", wanted->out);
			status = EXIT_USAGE;
		}
	}
	free(picture);
	return status;
}

/* A point that is not there has its reason. */
static void note_left_out(const struct results *results)
{
	const struct result_cell *cell;
	size_t k, p, all = 0, ok = 0;

	for (k = 0; k < results->nr_kernels; k++) {
		for (p = 0; p < results->nr_points; p++) {
			cell = results_cell(results, k, p);
			all += cell ? cell->nr : 0;
			ok += cell ? cell->nr_ok : 0;
		}
	}
	if (ok < all)
		note("%zu of %zu runs are not ok, and in no plot; `faultbench compare` says why",
		     all - ok, all);
}

static int plot_journals(char *const *paths, size_t nr, struct wanted *wanted)
{
	struct results results;
	int status = EXIT_USAGE;
	struct plot plot = {0};
	size_t left_out = 0;

	if (!results_load(&results, paths, nr))
		return EXIT_USAGE;
	if (!cli_metrics_find(&wanted->metrics, &results))
		goto out;
	note_left_out(&results);
	plot_make(&plot, &results, wanted->kind, wanted->metrics.of, wanted->metrics.nr);
	for (; wanted->medium != PLOT_TEXT && plot.nr > PANELS; left_out++)
		plot_drop_panel(&plot);
	if (left_out)
		note("%s: the last %zu panels are left out; --kind or fewer journals make less of "
		     "them, --out - shows all",
		     wanted->out, left_out);
	if (plot.nr)
		status = write_plot(&plot, wanted);
	else
		err("nothing in there to draw: no ok runs%s%s",
		    wanted->metrics.nr ? " with a value of that metric" : "",
		    wanted->kind == PLOT_ANY ? "" : ", or none that differ in what --kind shows");
out:
	plot_free(&plot);
	results_free(&results);
	return status;
}

static bool take_option(struct wanted *wanted, int option)
{
	switch (option) {
	case 'o':
		return take_out(wanted, optarg);
	case 'k':
		wanted->kind = plot_kind_find(optarg);
		return wanted->kind != NR_PLOT_KINDS ||
		       err("--kind %s: there are %s", optarg, PLOT_NAMES);
	case 'm':
		return cli_metrics_take(&wanted->metrics, optarg);
	default:
		return false;
	}
}

int cmd_plot(int argc, char **argv)
{
	static const struct option options[] = {
		{"out", required_argument, NULL, 'o'},
		{"kind", required_argument, NULL, 'k'},
		{"metric", required_argument, NULL, 'm'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct wanted wanted = {.out = "-", .kind = PLOT_ANY, .medium = PLOT_TEXT};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h')
			return cli_help("plot");
		if (!take_option(&wanted, option))
			return cli_usage("plot");
	}
	if (optind == argc) {
		err("plot: no journal given");
		return cli_usage("plot");
	}
	if (wanted.kind == PLOT_LATENCY && wanted.metrics.nr) {
		err("--kind latency draws all quantiles of a latency: leave --metric out");
		return cli_usage("plot");
	}
	return plot_journals(argv + optind, (size_t)(argc - optind), &wanted);
}
