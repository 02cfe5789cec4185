/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The noise of boots, where several points of a check show what it is.
 */
#ifndef ANALYSIS_COMPARE_POOL_H
#define ANALYSIS_COMPARE_POOL_H

#include "analysis/compare/check.h"

/*
 * Gives the rows of one kernel and one metric that were measured in as many blocks the standard
 * errors that stats/moderated.h makes of all of theirs.
 */
void check_pool(struct check *check);

#endif
