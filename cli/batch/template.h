/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scripts as text with gaps, such as @name@.
 */
#ifndef CLI_BATCH_TEMPLATE_H
#define CLI_BATCH_TEMPLATE_H

#include "cli/batch/batch.h"

/* One kind of gap. What it puts begins where the gap does. */
struct template_gap {
	const char *name;
	void (*put)(FILE *out, const struct batch *batch);
};

/*
 * Prints a text, its gaps filled: @name@, @out@ and @parts@, and those of `more`, which ends with a
 * row of zeros. Any other @ is one.
 */
void template_put(FILE *out, const struct batch *batch, const struct template_gap *more,
		  const char *text);

#endif
