// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/export/calls.h"
#include "analysis/plot/draw.h"
#include "analysis/plot/flame.h"
#include "analysis/plot/plot.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/msg.h"

#define PANELS 16 /* in one picture; more are too small to read */

/* What the words ask for. */
struct wanted {
	const char *out;
	enum plot_kind kind;
	enum plot_medium medium;
	bool script; /* instead of the picture */
	struct words_metrics metrics;
};

static bool has_end(const char *name, const char *end)
{
	size_t length = strlen(name);

	return length > strlen(end) && !strcmp(name + length - strlen(end), end);
}

static bool take_out(void *at, const char *name)
{
	struct wanted *wanted = at;

	wanted->out = name;
	wanted->script = has_end(name, ".gp");
	wanted->medium = has_end(name, ".svg") ? PLOT_SVG
			 : !strcmp(name, "-")  ? PLOT_TEXT
					       : PLOT_PNG;
	return wanted->script || wanted->medium != PLOT_PNG || has_end(name, ".png") ||
	       err("--out %s: must end in .png, .svg or .gp, or be - for text", name);
}

/* What an earlier picture, which may be replaced, is known by. */
static const char *mark(const struct wanted *wanted)
{
	return wanted->script		    ? "set encoding utf8"
	       : wanted->kind == PLOT_FLAME ? FLAME_MARK
	       : wanted->medium == PLOT_SVG ? "Gnuplot"
					    : "\x89PNG";
}

/* Draws before the file is opened: none is left without its picture. */
static int write_plot(const struct plot *plot, const struct wanted *wanted)
{
	char *picture = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&picture, &size);
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
	} else if (status == EXIT_OK && !files_replace(wanted->out, picture, size, mark(wanted))) {
		status = EXIT_USAGE;
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

/* The panels of all sections, as far as a picture has room. */
static void make_panels(struct plot *plot, const struct sections *s, const struct wanted *wanted)
{
	size_t i, left_out = 0;

	for (i = 0; i < s->nr; i++) {
		note_left_out(&s->of[i].results);
		plot_add(plot, &s->of[i].results, wanted->kind, wanted->metrics.of[i],
			 wanted->metrics.nr[i]);
	}
	for (; wanted->medium != PLOT_TEXT && plot->nr > PANELS; left_out++)
		plot_drop_panel(plot);
	if (left_out)
		note("%s: the last %zu panels are left out; --kind or fewer journals make less of "
		     "them, --out - shows all",
		     wanted->out, left_out);
}

static void refuse(const struct wanted *wanted, const struct sections *s)
{
	bool flame = wanted->kind == PLOT_FLAME;
	const char *why_not = flame ? called_why_not(s) : NULL;

	err("nothing in there to draw: no ok runs%s%s%s",
	    wanted->metrics.names.nr ? " with a value of that metric" : "",
	    why_not		       ? ", or none with samples: "
	    : wanted->kind == PLOT_ANY ? ""
	    : flame ? ", or none with calls or samples: `run --calls`, on a machine that counts, "
		      "follows calls, and `run --profile` samples what is timed"
		    : ", or none that differ in what --kind shows",
	    why_not ? why_not : "");
}

static int plot_journals(char *const *paths, size_t nr, struct wanted *wanted)
{
	int status = EXIT_USAGE;
	struct plot plot = {0};
	struct sections s;

	if (!sections_load(&s, paths, nr))
		return EXIT_USAGE;
	if (words_metrics_find(&wanted->metrics, &s)) {
		make_panels(&plot, &s, wanted);
		if (plot.nr)
			status = write_plot(&plot, wanted);
		else
			refuse(wanted, &s);
	}
	plot_free(&plot);
	sections_free(&s);
	return status;
}

static bool each_kind(size_t i, struct choice *ret)
{
	if (i < NR_PLOT_KINDS)
		*ret = (struct choice){plot_kind_name(i), plot_kind_summary(i)};
	return i < NR_PLOT_KINDS;
}

static bool take_kind(void *at, const char *name)
{
	*(enum plot_kind *)at = plot_kind_find(name);
	return true;
}

static const struct cli_option options[] = {
	{"out", "FILE",
	 "a .png or .svg, or the .gp that gnuplot makes a PNG of; -: a text plot, 78 columns wide "
	 "(default: -)",
	 0, .kind = WORD_FILE, .take = take_out},
	{"kind", "K", "what is drawn (default: what suits each benchmark)",
	 OPTION_AT(struct wanted, kind), .choice = each_kind, .take = take_kind},
	WORDS_METRIC(struct wanted, "of what, as for `check`; several times for several"),
	{0},
};

static const struct cli_example examples[] = {
	{"plot storm.jsonl", "as text, for a mail"},
	{"plot --kind runs --out runs.png base.jsonl after.jsonl", "every run, as a picture"},
	{0},
};

static bool fit(const struct wanted *wanted)
{
	if (wanted->kind == PLOT_FLAME && wanted->medium == PLOT_PNG)
		return err("--out %s: --kind flame draws an .svg, or text", wanted->out);
	return (wanted->kind != PLOT_LATENCY && wanted->kind != PLOT_FLAME) ||
	       !wanted->metrics.names.nr ||
	       err("--kind %s draws %s: leave --metric out", plot_kind_name(wanted->kind),
		   wanted->kind == PLOT_FLAME ? "kernel instructions, or samples"
					      : "all quantiles of a latency");
}

static int cmd_plot(int argc, char **argv)
{
	struct wanted wanted = {.out = "-", .kind = PLOT_ANY, .medium = PLOT_TEXT};
	int status;

	if (options_read(&command_plot, argc, argv, &wanted, &status))
		status = fit(&wanted)
				 ? plot_journals(argv + optind, (size_t)(argc - optind), &wanted)
				 : EXIT_USAGE;
	words_metrics_free(&wanted.metrics);
	return status;
}

const struct command command_plot = {
	.name = "plot",
	.summary = "pictures of what was measured",
	.about = "Bars are 95 % intervals of the mean; of the change in `series`, of counts 99 %. "
		 "Runs that are not ok are in no plot. Exit status 77 if there is no gnuplot.",
	.operands = words_journals,
	.options = options,
	.examples = examples,
	.run = cmd_plot,
};
