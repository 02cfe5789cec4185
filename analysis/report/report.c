// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sections of a report, and the text for a mail.
 */
#include "analysis/report/report.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/sections.h"
#include "analysis/tables/exact.h"
#include "analysis/tables/published/formats.h"
#include "analysis/text/command.h"
#include "analysis/text/grid.h"
#include "analysis/verdicts/print.h"

bool report_judges(const struct results *r)
{
	const struct result_cell *cell;
	size_t k, p, kernels = 0;
	bool timed;

	for (k = 0; k < r->nr_kernels; k++) {
		timed = false;
		for (p = 0; p < r->nr_points; p++) {
			cell = results_cell(r, k, p);
			timed |= cell && cell->source == SOURCE_TIMED;
		}
		kernels += timed;
	}
	return kernels > 1;
}

static bool has_verdicts(const struct report *r, size_t part)
{
	return r->part[part].check != NULL;
}

static void print_verdicts(FILE *out, const struct report *r, size_t part)
{
	check_verdicts(out, r->part[part].check);
}

static bool has_relative(const struct report *r, size_t part)
{
	return tables_has_relative(&r->part[part].tables);
}

static void print_relative(FILE *out, const struct report *r, size_t part)
{
	const struct tables *t = &r->part[part].tables;

	tables_relative(out, t);
	if (!results_exact(t->results) && t->functions)
		table_no_functions(out);
}

static bool has_absolute(const struct report *r, size_t part)
{
	return tables_has_absolute(&r->part[part].tables);
}

static void print_absolute(FILE *out, const struct report *r, size_t part)
{
	tables_absolute(out, &r->part[part].tables);
}

static bool has_pictures(const struct report *r, size_t part)
{
	(void)part;
	return r->nr_pictures || r->no_pictures;
}

void report_pictures(FILE *out, const struct report *r, size_t part)
{
	const struct plot_panel *panel;
	size_t i;

	(void)part;
	for (i = 0; i < r->nr_pictures; i++) {
		panel = r->pictures[i].panel;
		text_wrapf(out, 4, "%s.svg%s: %s", r->pictures[i].name,
			   panel->kind == PLOT_FLAME ? "" : ", .png",
			   panel->title ? panel->title : "");
		if (i + 1 == r->nr_pictures || r->pictures[i + 1].panel->kind != panel->kind)
			text_wrapf(out, 4, "    %s", plot_meaning(panel->kind));
	}
	if (r->no_pictures)
		text_wrapf(out, 0,
			   "Not drawn: %s. The attached journals are all that `faultbench plot` "
			   "needs.",
			   r->no_pictures);
}

static bool always(const struct report *r, size_t part)
{
	(void)r;
	(void)part;
	return true;
}

/* Are there verdicts on times, which some would read by their intervals instead? */
static bool has_times(const struct report *r, size_t part)
{
	return has_verdicts(r, part) && !results_exact(r->part[part].tables.results);
}

static bool any_part(const struct report *r, bool (*has)(const struct report *r, size_t part))
{
	size_t i;

	for (i = 0; i < r->nr_parts; i++)
		if (has(r, i))
			return true;
	return false;
}

static void print_reading(FILE *out, const struct report *r, size_t part)
{
	(void)part;
	text_wrapf(out, 0,
		   "A run is a fresh process: warm-up, then so many iterations of one operation, "
		   "each prepared outside of what is timed or counted. A boot is one start of a "
		   "kernel.");
	fputc('\n', out);
	text_wrapf(out, 0,
		   "Every run is verified: page faults, VMAs, and the folio order and mapping of "
		   "what was touched, against what was asked for. A run with a broken promise is "
		   "void, one whose needs the machine does not meet is skipped, one that should "
		   "have worked and did not is failed; these are named, with the reason, and are "
		   "in no number.");
	fputc('\n', out);
	text_wrapf(out, 0,
		   "No outlier is removed. Numbers of one boot of one build do not show what "
		   "differs from boot to boot or from build to build.");
	if (!any_part(r, has_times))
		return;
	fputc('\n', out);
	text_wrapf(
		out, 0,
		"Times read as Arm's Fastpath does, `compare --format fastpath`: (R) and (I) where "
		"the 95 %% intervals of run means do not overlap. %s The verdicts are over boots, "
		"if there are several, and adjusted for how many rows there are.",
		FASTPATH_ERRS);
}

static void add_option(json_t *words, const char *option, const char *value)
{
	if (!value)
		return;
	json_array_append_new(words, json_string(option));
	json_array_append_new(words, json_string(value));
}

/* A command over the attached journals, with those of the options that it takes. */
static void put_command(FILE *out, const struct report *r, const char *name, bool shows,
			bool judges)
{
	const struct tables *t = &r->part[0].tables;
	json_t *words = json_pack("[s]", name);
	char number[40];

	snprintf(number, sizeof(number), "--functions=%zu", t->functions);
	if (t->base_named)
		add_option(words, "--base", t->results->kernels[t->base].label);
	if (shows)
		add_option(words, "--title", t->title);
	if (shows && t->functions)
		json_array_append_new(words, json_string(number));
	if (judges)
		add_option(words, "--threshold", r->threshold);
	if (shows && judges)
		add_option(words, "--out", "NEW");
	text_command(out, words, r->nr_journals > 1 ? "journals/*.jsonl" : r->journals[0].name);
	json_decref(words);
}

static void print_again(FILE *out, const struct report *r, size_t part)
{
	(void)part;
	fprintf(out, "In the folder of this report:\n\n    sha256sum -c SHA256SUMS\n");
	if (any_part(r, has_relative))
		put_command(out, r, "compare", true, false);
	if (any_part(r, has_verdicts))
		put_command(out, r, "check", false, true);
	put_command(out, r, "report", true, true);
}

const struct report_section report_title = {.print = report_print_title};
const struct report_section report_summary = {.print = report_print_summary};

/* The last has no id. */
static const struct report_section sections[] = {
	{"verdicts", "Verdicts", true, false, has_verdicts, print_verdicts},
	{"tables", "Tables", true, false, has_relative, print_relative},
	{"absolute", "Absolute numbers", true, false, has_absolute, print_absolute},
	{"pictures", "Pictures", false, true, has_pictures, report_pictures},
	{"environment", "Environment", true, true, always, report_environment},
	{"origin", "How it was measured", false, true, always, report_origin},
	{"reading", "How to read the numbers", false, true, always, print_reading},
	{"again", "To redo this", false, true, always, print_again},
	{0},
};

/* The next place, whether or not there is anything. */
static void step(const struct report *r, struct report_place *at)
{
	const struct report_section *next = at->section ? at->section + 1 : sections;
	bool ends = at->section && at->section->of_part && !next->of_part;

	if (ends && at->part + 1 < r->nr_parts) {
		while (next > sections && next[-1].of_part)
			next--;
		at->part++;
	} else if (!next->of_part) {
		at->part = 0;
	}
	at->section = next;
}

bool report_next(const struct report *r, struct report_place *at)
{
	do
		step(r, at);
	while (at->section->id && !at->section->has(r, at->part));
	return at->section->id;
}

static enum run_source source_of(const struct report *r, const struct report_place *at)
{
	return r->part[at->part].tables.results->source;
}

static bool is_named(const struct report *r, const struct report_place *at)
{
	return r->nr_parts > 1 && at->section->of_part;
}

const char *report_id(const struct report *r, const struct report_place *at, char text[REPORT_TEXT])
{
	snprintf(text, REPORT_TEXT, "%s%s%s",
		 is_named(r, at) ? run_source_name(source_of(r, at)) : "",
		 is_named(r, at) ? "-" : "", at->section->id);
	return text;
}

const char *report_heading(const struct report *r, const struct report_place *at,
			   char text[REPORT_TEXT])
{
	const char *title = at->section->title;

	if (is_named(r, at))
		snprintf(text, REPORT_TEXT, "%s: %c%s", source_title(source_of(r, at)),
			 tolower((unsigned char)*title), title + 1);
	else
		snprintf(text, REPORT_TEXT, "%s", title);
	return text;
}

char *report_section_text(const struct report *r, const struct report_section *section, size_t part)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	section->print(out, r, part);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static void put_text(FILE *out, const struct report *r, const struct report_section *section,
		     size_t part)
{
	char *text = report_section_text(r, section, part);

	fputs(text ? text : "", out);
	free(text);
}

void report_text(FILE *out, const struct report *r)
{
	struct report_place at = {0};
	char heading[REPORT_TEXT];

	put_text(out, r, &report_title, 0);
	put_text(out, r, &report_summary, 0);
	while (report_next(r, &at)) {
		fputs("\n\n", out);
		text_head(out, report_heading(r, &at, heading));
		put_text(out, r, at.section, at.part);
	}
}
