/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `run --exact-too`: the kernels that are timed are counted as well, under emulation on this
 * machine, into the same journal.
 */
#ifndef CLI_OPTIONS_EXACT_TOO_H
#define CLI_OPTIONS_EXACT_TOO_H

#include <stdbool.h>

#include "cli/options/asked.h"

/* Zero it to start; exact_too_free() frees what it holds. */
struct exact_too {
	bool wanted;
	const char *machine_word; /* NULL: that of the architecture */

	/* What they stand for. */
	struct plan plan;
	struct machine machine;
	struct campaign campaign;
};

/* Stores the option's value, NULL if it was left out, in a struct exact_too. */
bool exact_too_take(void *at, const char *word);

/*
 * Reads the machine that counts, and the plan of asked as it is to be counted. What cannot be
 * counted is left out, which is said. False with one line printed if it does not go with what was
 * asked.
 */
bool exact_too_read(struct exact_too *e, const struct asked *asked);

/* Puts it beside the campaign of asked, whose kernels were chosen. False with one line printed. */
bool exact_too_choose(struct exact_too *e, struct asked *asked);

void exact_too_free(struct exact_too *e);

#endif
