// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A folder with all that a posting has to say of some journals: text, page, pictures, and the
 * journals themselves.
 */
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "analysis/plot/draw.h"
#include "analysis/report/folder.h"
#include "analysis/report/report.h"
#include "cli/commands.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/msg.h"
#include "common/process.h"

/* What the words ask for. */
struct wanted {
	char *const *paths;
	size_t nr;
	const char *out, *base, *title;
	const char *threshold_word;
	double threshold; /* NaN: the plan's */
	int64_t functions;
};

/*
 * Open files that hold a lock each until they are closed: what is read is what is attached. NULL
 * with one line printed if one of them is being written.
 */
static int *lock_journals(const struct wanted *w)
{
	int *fds = calloc(w->nr + 1, sizeof(*fds));
	size_t i;

	for (i = 0; fds && i < w->nr; i++) {
		fds[i] = open(w->paths[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fds[i] < 0 || !flock(fds[i], LOCK_SH | LOCK_NB))
			continue; /* what cannot be opened is said by who reads it */
		err("%s: a faultbench is writing to it; wait until it has ended", w->paths[i]);
		do
			close(fds[i]);
		while (i--);
		free(fds);
		return NULL;
	}
	return fds;
}

static void unlock_journals(int *fds, size_t nr)
{
	while (nr--)
		if (fds[nr] >= 0)
			close(fds[nr]);
	free(fds);
}

/* What a printer writes, as a file. */
static bool write_printed(struct report_folder *folder, const char *name,
			  void (*print)(FILE *out, const struct report *r), const struct report *r)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool ok;

	if (!out)
		return err("out of memory");
	print(out, r);
	ok = fclose(out) ? err("out of memory") : report_folder_write(folder, name, text, size);
	free(text);
	return ok;
}

/* One panel as a picture, malloc'ed and NUL-terminated. NULL if gnuplot does not; it is said why.
 */
static char *draw(struct plot_panel *panel, enum plot_medium medium, size_t *ret_size,
		  int *ret_status)
{
	struct plot one = {.panel = panel, .nr = 1};
	char *picture = NULL;
	FILE *out = open_memstream(&picture, ret_size);

	*ret_status = out ? plot_draw(out, &one, medium) : EXIT_FAILED;
	if (out && fclose(out))
		*ret_status = EXIT_FAILED;
	if (*ret_status == EXIT_OK)
		return picture;
	free(picture);
	return NULL;
}

/*
 * Draws a panel and takes the picture into the report; *ret_png is its other file, NULL if it has
 * none.
 */
static bool take_picture(struct report *r, struct plot_panel *panel, char **ret_png,
			 size_t *ret_size)
{
	struct report_picture *picture = &r->pictures[r->nr_pictures];
	size_t size;
	bool both = panel->kind != PLOT_FLAME;
	int status;

	picture->panel = panel;
	picture->svg = draw(panel, PLOT_SVG, &size, &status);
	*ret_png = picture->svg && both ? draw(panel, PLOT_PNG, ret_size, &status) : NULL;
	r->no_pictures = status == EXIT_OK	     ? NULL
			 : status == EXIT_CANNOT_RUN ? "gnuplot is not installed"
						     : "gnuplot failed";
	if (picture->svg && (*ret_png || !both) &&
	    asprintf(&picture->name, "plot-%zu-%s", r->nr_pictures + 1,
		     plot_kind_name(panel->kind)) > 0) {
		r->nr_pictures++;
		return true;
	}
	free(picture->svg);
	free(*ret_png);
	return false;
}

/* A file a panel and medium that it is drawn in. False if they cannot be written; without gnuplot
 * there are none. */
static bool add_pictures(struct report *r, struct report_folder *folder, struct plot *plot)
{
	struct report_picture *picture;
	size_t i, size;
	char *name, *png;
	bool ok = true;

	r->pictures = calloc(plot->nr + 1, sizeof(*r->pictures));
	for (i = 0; ok && r->pictures && i < plot->nr; i++) {
		if (child_interrupted() || !take_picture(r, &plot->panel[i], &png, &size))
			break;
		picture = &r->pictures[i];
		name = files_text("%s.svg", picture->name);
		ok = report_folder_write(folder, name, picture->svg, strlen(picture->svg));
		memcpy(name + strlen(name) - 3, "png", 3);
		ok = ok && (!png || report_folder_write(folder, name, png, size));
		free(name);
		free(png);
	}
	if (child_interrupted())
		return false;
	if (r->no_pictures)
		note("the report is made without pictures");
	if (!plot->nr)
		r->no_pictures = "no run is ok";
	return ok;
}

static bool add_journals(struct report *r, struct report_folder *folder, const struct wanted *w)
{
	json_t *names = report_folder_names(w->paths, w->nr);
	bool ok = true;
	size_t i;

	r->journals = calloc(w->nr + 1, sizeof(*r->journals));
	for (i = 0; ok && i < w->nr; i++) {
		r->journals[i].name = strdup(json_string_value(json_array_get(names, i)));
		r->nr_journals++;
		ok = report_journal_read(&r->journals[i], w->paths[i]) &&
		     report_folder_copy(folder, r->journals[i].name, w->paths[i]);
	}
	json_decref(names);
	return ok;
}

static void free_report(struct report *r)
{
	size_t i;

	for (i = 0; i < r->nr_journals; i++) {
		free(r->journals[i].name);
		json_decref(r->journals[i].plans);
		json_decref(r->journals[i].counted);
		json_decref(r->journals[i].commands);
	}
	for (i = 0; i < r->nr_pictures; i++) {
		free(r->pictures[i].name);
		free(r->pictures[i].svg);
	}
	free(r->journals);
	free(r->pictures);
}

/* A verdict set for each part in which times of two kernels are. */
static bool make_checks(struct report *r, struct check *checks, double threshold)
{
	const struct tables *t;
	size_t i;

	for (i = 0; i < r->nr_parts; i++) {
		t = &r->part[i].tables;
		checks[i] = (struct check){.results = t->results,
					   .several = r->nr_parts > 1,
					   .base = t->base,
					   .threshold = threshold};
		if (report_judges(t->results) && !check_make(&checks[i]))
			return err("out of memory");
		if (checks[i].nr_rows)
			r->part[i].check = &checks[i];
	}
	return true;
}

/* All files of the report, and what is in them. */
static bool fill(struct report_folder *folder, struct report *r, const struct wanted *w)
{
	struct check checks[NR_SOURCES] = {0};
	struct plot plot = {0};
	bool ok = make_checks(r, checks, w->threshold);
	size_t i;

	for (i = 0; i < r->nr_parts; i++)
		plot_add(&plot, r->part[i].tables.results, PLOT_ANY, NULL, 0);
	for (i = 0; i < r->nr_parts; i++)
		plot_add(&plot, r->part[i].tables.results, PLOT_FLAME, NULL, 0);
	ok = ok && add_journals(r, folder, w) && add_pictures(r, folder, &plot) &&
	     write_printed(folder, "report.txt", report_text, r) &&
	     write_printed(folder, "index.html", report_html, r) && !child_interrupted() &&
	     report_folder_commit(folder);
	plot_free(&plot);
	for (i = 0; i < NR_SOURCES; i++)
		check_free(&checks[i]);
	return ok;
}

static void say_made(const struct report *r, const char *out)
{
	printf("%s/report.txt: for a mail\n"
	       "%s/index.html: the same, with pictures (%zu; also as plot-*)\n"
	       "%s/journals: what it is made of (%zu)\n",
	       out, out, r->nr_pictures, out, r->nr_journals);
}

/* Makes the folder. Where a signal comes nothing of it is left. */
static int make_folder(struct report *r, const struct wanted *w)
{
	struct report_folder folder;
	int status = EXIT_USAGE, sig;

	child_catch_signals();
	if (report_folder_open(&folder, w->out))
		status = fill(&folder, r, w) ? EXIT_OK : EXIT_FAILED;
	report_folder_close(&folder);
	sig = child_release_signals();
	if (sig)
		raise(sig);
	if (status == EXIT_OK)
		say_made(r, w->out);
	return status;
}

static int make_report(const struct wanted *w)
{
	struct report report = {.threshold = w->threshold_word};
	int status = EXIT_USAGE;
	struct sections s;
	size_t i;

	if (!sections_load(&s, w->paths, w->nr))
		return EXIT_USAGE;
	if (words_base(&s, w->base)) {
		for (i = 0; i < s.nr; i++)
			report.part[i].tables = (struct tables){.results = &s.of[i].results,
								.base = s.of[i].base,
								.title = w->title,
								.functions = (size_t)w->functions,
								.base_named = w->base != NULL};
		report.nr_parts = s.nr;
		status = make_folder(&report, w);
	}
	free_report(&report);
	sections_free(&s);
	return status;
}

static bool take_out(void *at, const char *word)
{
	*(const char **)at = word;
	return *word || err("--out: a folder needs a name");
}

static bool take_threshold(void *at, const char *word)
{
	struct wanted *w = at;

	w->threshold_word = word;
	return words_threshold(&w->threshold, word);
}

static const struct cli_option options[] = {
	{"out", "DIR",
	 "the folder: a new one, an empty one, or that of an earlier report, which is "
	 "replaced",
	 OPTION_AT(struct wanted, out), .kind = WORD_FOLDER, .required = true, .take = take_out},
	WORDS_BASE(struct wanted),
	{"title", "T", "what the tables call the machine (default: its CPU)",
	 OPTION_AT(struct wanted, title)},
	{"threshold", "P", "of the verdicts, as for `check` (default: the plan's, or 2%)", 0,
	 .take = take_threshold},
	WORDS_FUNCTIONS(struct wanted),
	{0},
};

static const struct cli_example examples[] = {
	{"report base.jsonl after.jsonl --out report", "report/report.txt is for the mail"},
	{0},
};

static int cmd_report(int argc, char **argv)
{
	struct wanted wanted = {.threshold = NAN};
	int status, *locks;

	if (!options_read(&command_report, argc, argv, &wanted, &status))
		return status;
	wanted.paths = argv + optind;
	wanted.nr = (size_t)(argc - optind);
	locks = lock_journals(&wanted);
	if (!locks)
		return EXIT_USAGE;
	status = make_report(&wanted);
	unlock_journals(locks, wanted.nr);
	return status;
}

const struct command command_report = {
	.name = "report",
	.summary = "all that goes with a posting, in a folder",
	.about = "In it are report.txt (tables, verdicts of kernels that were timed, environment "
		 "and what differs, command lines and plans, for a mail), index.html (the same as "
		 "a page that needs no other file, with the pictures), plot-* (the pictures, as "
		 ".svg and .png), journals/ (copies, from which everything can be made again) and "
		 "SHA256SUMS (of all files, for sha256sum -c). Without gnuplot there are no "
		 "pictures, and the report says so.",
	.operands = words_journals,
	.options = options,
	.examples = examples,
	.run = cmd_report,
};
