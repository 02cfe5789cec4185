/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts about the data that a reader of the numbers must see; the tables print them.
 */
#ifndef ANALYSIS_RESULTS_WARNINGS_H
#define ANALYSIS_RESULTS_WARNINGS_H

#include <stddef.h>

struct warnings {
	char **text;
	size_t nr;
};

/* Appends a text. */
void warnings_add(struct warnings *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void warnings_free(struct warnings *w);

#endif
