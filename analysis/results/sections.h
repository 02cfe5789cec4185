/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Journals of any sources, in sections: times and counts are no runs of one kind, so they are never
 * in one mean or table, and nothing of one section is compared with another's. Emulated times are
 * among the others, with nothing judged by them, but have a section of their own if some would
 * otherwise be in one mean with others.
 */
#ifndef ANALYSIS_RESULTS_SECTIONS_H
#define ANALYSIS_RESULTS_SECTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/results.h"

struct section {
	struct results results;
	size_t base; /* the kernel that others are compared with */
};

struct sections {
	struct section of[NR_SOURCES]; /* at least one; times first, counts last */
	size_t nr;
};

/*
 * Reads nr journals as results_load() does, but of any sources. A section has what journals with
 * runs of it say: their kernels, points, bands. Bases are the first kernels.
 */
bool sections_load(struct sections *ret, char *const *paths, size_t nr);
void sections_free(struct sections *sections);

/* Takes one out. */
void sections_drop(struct sections *sections, size_t section);

/* What its numbers are, as a title: "Times", "Emulated times", "Exact counts". */
const char *source_title(enum run_source source);

#endif
