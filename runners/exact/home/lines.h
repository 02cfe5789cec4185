/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of memory that a run's ops touched, as a journal has them.
 */
#ifndef RUNNERS_EXACT_HOME_LINES_H
#define RUNNERS_EXACT_HOME_LINES_H

#include <jansson.h>

#include "runners/exact/home/kinds.h"
#include "runners/exact/home/symbols.h"

/*
 * touched: what the plugin says of each iteration (runners/exact/touched.h); memory: what the guest
 * does (struct run_record's). Returns "lines" of struct run_record, and adds to functions, its
 * "functions", of how many lines each was the first to touch. NULL if the two do not fit together.
 */
json_t *lines_of(const struct kinds *kinds, const json_t *touched, const char *memory,
		 const struct symbols *symbols, json_t *functions);

#endif
