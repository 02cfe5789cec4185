/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Journals of earlier releases on the same machine: how much each point moves from one to the next.
 */
#ifndef ANALYSIS_COMPARE_HISTORY_H
#define ANALYSIS_COMPARE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/results.h"

#define HISTORY_LEAST 4 /* releases that measured a point, for it to have a band */

/*
 * Reads every *.jsonl of the folder and widens the bands of results: each kernel in them is a
 * release, in the order they were measured; the band of a point is 0 -+ t * s, s the scale of the
 * log ratios of successive releases (1.4826 times the median of their sizes, so that a few true
 * changes among them do not widen it), t the 0.975 quantile of Student's t with as many degrees of
 * freedom as there are ratios. Left out, with a warning among those of results: releases measured
 * on another CPU than kernel `base`; kernels whose label is among those of results; points with
 * fewer than HISTORY_LEAST releases. Emulated runs are no history.
 *
 * Prints one line and returns false if the folder or a journal cannot be read, or none is in it.
 */
bool history_read(struct results *results, size_t base, const char *folder);

#endif
