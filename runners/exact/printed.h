/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is printed of a run's iterations, one after the other.
 */
#ifndef RUNNERS_EXACT_PRINTED_H
#define RUNNERS_EXACT_PRINTED_H

#include <stdbool.h>
#include <stdio.h>

struct printed {
	FILE *out; /* where the next one is printed; NULL without memory */
	char *text;
	size_t len;
};

/* A run begins, and there are none. */
void printed_run(struct printed *p);

/* The next one begins: prints a comma, if it is not the first. False if it cannot be printed. */
bool printed_next(struct printed *p);

/* They are complete: what was printed, "" if nothing was. */
const char *printed_text(struct printed *p);

#endif
