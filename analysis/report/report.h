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
	json_t *plans;	  /* [its plan records, each once] */
	json_t *counted;  /* [likewise, what is counted beside them] */
	json_t *commands; /* [its command records] */
};

/* A picture of one panel. */
struct report_picture {
	const struct plot_panel *panel; /* borrowed */
	char *name; /* "plot-1-order": there is a .svg, and a .png but of flame graphs */
	char *svg;  /* as plot_draw() makes it; harmless */
};

/* What a section of the journals, that is one source, has to say. */
struct report_part {
	struct tables tables;
	const struct check *check; /* NULL: no verdicts */
};

struct report {
	struct report_part part[NR_SOURCES];
	size_t nr_parts; /* at least one */
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
	bool of_part; /* each part has its own; else there is one, of part 0 */
	bool flows;   /* text, whose lines may be broken elsewhere; else tables */
	bool (*has)(const struct report *r, size_t part);
	void (*print)(FILE *out, const struct report *r, size_t part);
};

/* What it is about, in one line, and what stands behind it: without ids. */
extern const struct report_section report_title, report_summary;

/* Where in a report one is. Zero it to start. */
struct report_place {
	const struct report_section *section;
	size_t part;
};

/*
 * Goes on to the next section that there is; false after the last. Sections that parts have
 * together come part by part.
 */
bool report_next(const struct report *r, struct report_place *at);

/* Its name in a page, "exact-tables", and its title, "Exact counts: tables"; if there is one part,
 * "tables" and "Tables". */
#define REPORT_TEXT 64
const char *report_id(const struct report *r, const struct report_place *at,
		      char text[REPORT_TEXT]);
const char *report_heading(const struct report *r, const struct report_place *at,
			   char text[REPORT_TEXT]);

/*
 * Text of a section, malloc'ed; no character in it is one that XML or a terminal could take amiss.
 * NULL without memory.
 */
char *report_section_text(const struct report *r, const struct report_section *section,
			  size_t part);

/* What is said of a report as a whole: title and summary. */
void report_print_title(FILE *out, const struct report *r, size_t part);
void report_print_summary(FILE *out, const struct report *r, size_t part);

/* The list of pictures, or why there is none. */
void report_pictures(FILE *out, const struct report *r, size_t part);

/* The machines and kernels of a part, and in what they differ. */
void report_environment(FILE *out, const struct report *r, size_t part);

/* The command lines and plans behind each journal. */
void report_origin(FILE *out, const struct report *r, size_t part);

#endif
