/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report: all that a posting has to say of some journals, as text for a mail and as one HTML
 * page. Both have the same sections, of the same text; what the user is shown elsewhere is not said
 * in other words here.
 */
#ifndef ANALYSIS_REPORT_REPORT_H
#define ANALYSIS_REPORT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/compare/verdict.h"
#include "analysis/plot/plot.h"
#include "analysis/tables.h"

/* A journal as it is attached. */
struct report_journal {
	char *name;	  /* of its copy, from the report's folder: "journals/fork.jsonl" */
	json_t *plan;	  /* its plan record, or NULL */
	json_t *commands; /* [its command records] */
};

/* A picture of one panel. */
struct report_picture {
	const struct plot_panel *panel; /* borrowed */
	char *name;			/* "plot-1-order": there is a .svg and a .png */
	char *svg;			/* as plot_draw() makes it; harmless */
};

struct report {
	struct tables tables;
	const struct check *check; /* NULL: no verdicts */
	struct report_journal *journals;
	size_t nr_journals;
	struct report_picture *pictures;
	size_t nr_pictures;
	const char *no_pictures; /* why there is none, static; NULL if there are */
	const char *threshold;	 /* as it was given, or NULL */
};

/* Whether two kernels at least were timed, so that there is something to judge. */
bool report_judges(const struct results *results);

/* Reads the records of a journal that are not about results. Prints one line if it cannot. */
bool report_journal_read(struct report_journal *ret, const char *path);

void report_text(FILE *out, const struct report *report);

/*
 * One file that needs no other and no network, well-formed as XML. Nothing in a journal is markup
 * in it.
 */
void report_html(FILE *out, const struct report *report);

/* For those that print a report. */
struct report_section {
	const char *id, *title;
	bool flows; /* text, whose lines may be broken elsewhere; else tables */
	bool (*has)(const struct report *r);
	void (*print)(FILE *out, const struct report *r);
};

/* What it is about, in one line, and what stands behind it: without ids. */
extern const struct report_section report_title, report_summary;

/* The last has no id. */
extern const struct report_section report_sections[];

/*
 * Text of a section, malloc'ed; no character in it is one that XML or a terminal could take amiss.
 * NULL without memory.
 */
char *report_section_text(const struct report *r, const struct report_section *section);

/* The list of pictures, or why there is none. */
void report_pictures(FILE *out, const struct report *r);

/* The machines and kernels, and in what they differ. */
void report_environment(FILE *out, const struct report *r);

/* The command lines and plans behind each journal. */
void report_origin(FILE *out, const struct report *r);

/*
 * "faultbench" and an array of words, as a shell reads them, in lines of a mail; last, which may be
 * NULL, is put as it is.
 */
void report_put_command(FILE *out, const json_t *words, const char *last);

#endif
