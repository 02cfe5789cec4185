/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A check as text for people, and in the formats that CI systems read.
 */
#ifndef ANALYSIS_VERDICTS_PRINT_H
#define ANALYSIS_VERDICTS_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/compare/verdict.h"

/* What a report says of itself beside the verdicts. */
struct check_origin {
	const char *name;     /* KCIDB: of the CI system, [a-z0-9_]+ */
	const char *build_id; /* KCIDB: what was tested, "ORIGIN:..." */
};

/* Prints the checks of all sections, at least one, which are of one command. */
typedef void check_print_fn(FILE *out, const struct check *checks, size_t nr,
			    const struct check_origin *origin);

/* A table a family, findings under it, what the numbers mean, and what else differs. */
check_print_fn check_text;

/* The same of one section, without what else differs between the machines. */
void check_verdicts(FILE *out, const struct check *check);

/* What numbers and words of the tables mean, and what is not said of what is ok. */
void check_meaning(FILE *out, const struct check *check);

/* Was more than there was needed for a verdict? */
bool check_row_needs_more(const struct check_row *row);

/* The Kernel Test Anything Protocol, version 1 (Documentation/dev-tools/ktap.rst). */
check_print_fn check_ktap;

/* JUnit's XML, as Jenkins and GitLab read it. */
check_print_fn check_junit;

/* <LAVA_SIGNAL_TESTCASE ...>, the lines a LAVA test prints on its console. */
check_print_fn check_lava;

/* KCIDB's report, schema 5.3: a test a row. */
check_print_fn check_kcidb;

/* Everything a row holds. */
check_print_fn check_json;

/* All of these, by name; the last has none. */
extern const struct check_format {
	const char *name, *summary;
	check_print_fn *print;
} check_formats[];

/*
 * A row's name, malloc'ed: "fork.fork.order-9.size-1G.place-core", dot-separated words of
 * [a-zA-Z0-9_-] that begin with the benchmark; with the label of the kernel before it where there
 * are several, role and quantity behind it if it is not a time, and then the source, if there are
 * several and it was not timed.
 */
char *check_row_name(const struct check *check, const struct check_row *row);

/* What a verdict is to a merge check, in whatever words a format has for it. */
enum check_result {
	CHECK_PASSES,
	CHECK_FAILS,
	CHECK_OPEN, /* neither; why says why */
	CHECK_SKIPPED,
	NR_CHECK_RESULTS
};
enum check_result check_result(const struct check *check, const struct check_row *row);

/* "+1.02 % (-0.31 % .. +2.37 %), base 14.2 ms, 8 boots a side", malloc'ed. */
char *check_row_numbers(const struct check_row *row);

#endif
