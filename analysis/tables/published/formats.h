/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layouts in which tables of this field are published, by name.
 */
#ifndef ANALYSIS_TABLES_PUBLISHED_FORMATS_H
#define ANALYSIS_TABLES_PUBLISHED_FORMATS_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/tables/cover_print.h"

/* Prints what stands above all its tables. */
typedef void format_head(FILE *out, const struct results *results, size_t base);

struct format {
	const char *name;
	const char *summary;
	cover_layout *layout; /* for table_cover() */
	bool counts;	      /* also makes sense of exact counts */
	format_head *head;    /* NULL: its tables have none */
};

/* The last has no name. */
extern const struct format formats[];

/* The format of that name, or NULL. */
const struct format *format_find(const char *name);

/* Whether it can show what there is, exact counts or times; if not, one line is printed. */
bool format_can(const struct format *format, bool exact);

/*
 * How often the rule of format_fastpath() errs, for whoever reads a table by it: as
 * docs/verdicts.md says it (test fastpath_errs), of `how-often rows`.
 */
#define FASTPATH_ERRS                                                                         \
	"Of 20 rows at once, none of which differs, one at least is marked in 10 to 11 % of " \
	"sessions if only runs differ, in 92 to 96 % if boots differ by 1 % (docs/verdicts.md)."

void format_rel(struct cover *c);
void format_sizes(struct cover *c);
void format_ab(struct cover *c);
void format_base_delta(struct cover *c);
void format_mmtests(struct cover *c);
void format_fastpath(struct cover *c);
void format_lkp(struct cover *c);
format_head format_lkp_head;

#endif
