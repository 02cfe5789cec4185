/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the ops of a counted run do the same, which a mean over them, and the spread of boots
 * that all do the same, do not show.
 */
#ifndef ANALYSIS_RESULTS_REPEATS_H
#define ANALYSIS_RESULTS_REPEATS_H

#include "analysis/results/results.h"

#define REPEATS_LEAST 0.005 /* of an op: its instructions repeat within that */

/* Warns at each cell of counts whose runs' ops do not repeat, and says if they rise or fall. */
void repeats_warn(struct results *r);

#endif
