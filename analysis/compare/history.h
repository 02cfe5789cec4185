/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Journals of earlier releases on the same machine: how much each point moves from one to the next.
 */
#ifndef ANALYSIS_COMPARE_HISTORY_H
#define ANALYSIS_COMPARE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/results.h"

#define HISTORY_LEAST 6 /* releases that measured a point, for it to have a band */

/*
 * Reads every *.jsonl of the folder and widens the bands of results: each kernel in them is a
 * release, in the order they were measured; the band of a point is 0 -+ movement_half()
 * (analysis/stats/movement.h) of its releases' means over boots, so that what measuring adds is not
 * in it. Left out, with a warning among those of results: releases of another source, CPU or
 * hypervisor than kernel `base`; kernels whose label is among those of results; points with fewer
 * than HISTORY_LEAST releases, or none of several boots, of which is not known what measuring adds.
 *
 * Prints one line and returns false if the folder or a journal cannot be read, or none is in it.
 */
bool history_read(struct results *results, size_t base, const char *folder);

#endif
