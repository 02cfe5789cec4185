/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fisher's exact test of two shares (Statistical Methods for Research Workers, 1934, 21.02).
 */
#ifndef ANALYSIS_STATS_FISHER_H
#define ANALYSIS_STATS_FISHER_H

#include <stddef.h>

/*
 * One-sided p of the hypothesis that the second kind fails no more often than the first: how likely
 * at least failed[1] of all failures are the second's, if which of the trials fail is chance. 1
 * where the second has none, or there are no trials.
 */
double fisher_more(const size_t failed[2], const size_t trials[2]);

#endif
