/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results as a journal of some simulated points would give them.
 */
#ifndef TESTS_TOOLS_MADE_RESULTS_H
#define TESTS_TOOLS_MADE_RESULTS_H

#include "analysis/results/results.h"
#include "tests/tools/simulate.h"

/* Made once and filled again and again. */
struct made {
	struct results results;
	struct result_kernel kernels[2];
	size_t runs;
};

void made_init(struct made *m, int points, const struct design *d);
void made_fill(struct made *m, size_t point, const struct simulated *s);
void made_free(struct made *m);

#endif
