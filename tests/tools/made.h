/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results as a journal of simulated sessions would give them, without the journal.
 */
#ifndef TESTS_TOOLS_MADE_H
#define TESTS_TOOLS_MADE_H

#include "analysis/results/results.h"
#include "tests/tools/simulate.h"

/* Two kernels, "base" and "after"; made once and filled again and again. */
struct made {
	struct results results;
	struct result_kernel kernels[2];
	size_t runs;
};

void made_init(struct made *m, int points, const struct design *d);

/* Makes them exact: what is filled in from now on are kernel instructions. */
void made_counts(struct made *m);

/* One point is what the session says. */
void made_fill(struct made *m, size_t point, const struct simulated *s);

void made_free(struct made *m);

#endif
