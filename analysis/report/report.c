// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sections of a report, and the text for a mail.
 */
#include "analysis/report/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/results/machine_facts.h"
#include "analysis/tables/exact.h"
#include "analysis/tables/series.h"
#include "analysis/text/grid.h"
#include "analysis/verdicts/print.h"
#include "common/clean.h"

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

/* Patches of a series, other layouts of its base left out, or kernels. */
static size_t nr_others(const struct report *r)
{
	size_t *row = calloc(r->tables.results->nr_kernels + 1, sizeof(*row)), nr;

	nr = row && series_in(r->tables.results) ? series_rows(r->tables.results, row)
						 : r->tables.results->nr_kernels;
	free(row);
	return nr - (nr > 0);
}

static void print_title(FILE *out, const struct report *r)
{
	const struct results *results = r->tables.results;
	const struct result_kernel *base = &results->kernels[r->tables.base];
	const char *machine = r->tables.title;
	const char *posted = base->about.title;
	char cpu[FACTS_TITLE];
	size_t nr = nr_others(r);

	if (!machine)
		machine = facts_title(base->machine, cpu);
	if (series_in(results))
		text_wrapf(out, 4, "%s%s%zu patch%s on %s, on %s", posted ? posted : "",
			   posted ? ": " : "", nr, nr == 1 ? "" : "es", base->label, machine);
	else if (nr > 1)
		text_wrapf(out, 4, "%zu kernels against %s, on %s", nr, base->label, machine);
	else if (nr)
		text_wrapf(out, 4, "%s against %s, on %s", results->kernels[!r->tables.base].label,
			   base->label, machine);
	else
		text_wrapf(out, 4, "%s, on %s", base->label, machine);
}

/* "Measured 2026-11-20 to 2026-11-21 (UTC).": the first and the last run, s since 1970. */
static void put_dates(FILE *out, double first, double last)
{
	time_t second[2] = {(time_t)first, (time_t)last};
	char date[2][16] = {"", ""};
	struct tm tm;
	int i;

	for (i = 0; i < 2; i++)
		if (gmtime_r(&second[i], &tm))
			strftime(date[i], sizeof(date[i]), "%F", &tm);
	if (strcmp(date[0], date[1]))
		fprintf(out, "Measured %s to %s (UTC). ", date[0], date[1]);
	else
		fprintf(out, "Measured %s (UTC). ", date[0]);
}

static void print_summary(FILE *out, const struct report *r)
{
	const struct results *results = r->tables.results;
	const struct result_cell *cell;
	double first = INFINITY, last = 0, started;
	size_t k, p, i, ok = 0, all = 0;

	for (k = 0; k < results->nr_kernels; k++) {
		for (p = 0; p < results->nr_points; p++) {
			cell = results_cell(results, k, p);
			ok += cell ? cell->nr_ok : 0;
			all += cell ? cell->nr : 0;
			for (i = 0; cell && i < cell->nr; i++) {
				started = cell->runs[i].started;
				first = started > 0 && started < first ? started : first;
				last = fmax(last, started);
			}
		}
	}
	fprintf(out, "%zu kernel%s, %zu point%s; %zu of %zu runs were ok.\n", results->nr_kernels,
		results->nr_kernels == 1 ? "" : "s", results->nr_points,
		results->nr_points == 1 ? "" : "s", ok, all);
	if (last > 0)
		put_dates(out, first, last);
	fprintf(out, "Report of faultbench %s.\n", FAULTBENCH_VERSION);
}

static bool has_verdicts(const struct report *r)
{
	return r->check != NULL;
}

static void print_verdicts(FILE *out, const struct report *r)
{
	check_verdicts(out, r->check);
}

static bool has_relative(const struct report *r)
{
	return tables_has_relative(&r->tables);
}

static void print_relative(FILE *out, const struct report *r)
{
	tables_relative(out, &r->tables);
	if (!r->tables.exact && r->tables.functions)
		table_no_functions(out);
}

static bool has_absolute(const struct report *r)
{
	return tables_has_absolute(&r->tables);
}

static void print_absolute(FILE *out, const struct report *r)
{
	tables_absolute(out, &r->tables);
}

static bool has_pictures(const struct report *r)
{
	return r->nr_pictures || r->no_pictures;
}

void report_pictures(FILE *out, const struct report *r)
{
	const struct plot_panel *panel;
	size_t i;

	for (i = 0; i < r->nr_pictures; i++) {
		panel = r->pictures[i].panel;
		text_wrapf(out, 4, "%s.svg, .png: %s", r->pictures[i].name,
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

static bool always(const struct report *r)
{
	(void)r;
	return true;
}

static void print_reading(FILE *out, const struct report *r)
{
	(void)r;
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
	const struct tables *t = &r->tables;
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
	report_put_command(out, words,
			   r->nr_journals > 1 ? "journals/*.jsonl" : r->journals[0].name);
	json_decref(words);
}

static void print_again(FILE *out, const struct report *r)
{
	fprintf(out, "In the folder of this report:\n\n    sha256sum -c SHA256SUMS\n");
	if (tables_has_relative(&r->tables))
		put_command(out, r, "compare", true, false);
	if (r->check)
		put_command(out, r, "check", false, true);
	put_command(out, r, "report", true, true);
}

const struct report_section report_title = {.print = print_title};
const struct report_section report_summary = {.print = print_summary};

const struct report_section report_sections[] = {
	{"verdicts", "Verdicts", false, has_verdicts, print_verdicts},
	{"tables", "Tables", false, has_relative, print_relative},
	{"absolute", "Absolute numbers", false, has_absolute, print_absolute},
	{"pictures", "Pictures", true, has_pictures, report_pictures},
	{"environment", "Environment", true, always, report_environment},
	{"origin", "How it was measured", true, always, report_origin},
	{"reading", "How to read the numbers", true, always, print_reading},
	{"again", "To redo this", true, always, print_again},
	{0},
};

char *report_section_text(const struct report *r, const struct report_section *section)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	section->print(out, r);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	clean_text(text, "\n\t");
	return text;
}

static void put_section(FILE *out, const struct report *r, const struct report_section *section)
{
	char *text = report_section_text(r, section);

	if (section->title) {
		fprintf(out, "\n\n%s\n", section->title);
		text_rule(out, strlen(section->title));
		fputs("\n\n", out);
	}
	fputs(text ? text : "", out);
	free(text);
}

void report_text(FILE *out, const struct report *r)
{
	const struct report_section *section;

	put_section(out, r, &report_title);
	put_section(out, r, &report_summary);
	for (section = report_sections; section->id; section++)
		if (section->has(r))
			put_section(out, r, section);
}
