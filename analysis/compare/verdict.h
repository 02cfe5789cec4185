/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdict on each point of a comparison: is a kernel worse than the base? docs/verdicts.md
 * says how it is reached and how often it is right.
 */
#ifndef ANALYSIS_COMPARE_VERDICT_H
#define ANALYSIS_COMPARE_VERDICT_H

#include "analysis/compare/check.h"
#include "analysis/stats/interval.h"
#include "analysis/stats/power.h"

/*
 * Compares every kernel with the base; of *check, which check_free() frees, results, base,
 * threshold (a fraction, 0 or above; a smaller change is none to report; NaN: the plan's, or
 * CHECK_THRESHOLD), tail, by_run, accept_band, relabel, metrics and all are given, the rest is 0.
 * Returns false without memory.
 */
bool check_make(struct check *check);

void check_free(struct check *check);

/*
 * An exit status: EXIT_FAILED if anything is a regression or fails; else EXIT_INCONCLUSIVE if a
 * verdict is inconclusive, within-band unless that is accepted, or there is none at all; else
 * EXIT_OK.
 */
int check_status(const struct check *check);

/* The worst of several: EXIT_FAILED, else EXIT_INCONCLUSIVE. */
int checks_status(const struct check *checks, size_t nr);

/* What its numbers are, as a title: that of their source, or "Modelled". And in formats for
 * programs: "exact", "modelled". */
const char *check_title(const struct check *check);
const char *check_source(const struct check *check);

/* Is the metric one that it may judge? What is modelled is in checks of its own. */
bool check_may(const struct check *check, const struct metric *metric);

/* "ok", "regression", "fails", "improvement", "differs", "within-band", "inconclusive",
 * "skipped". */
const char *verdict_name(enum verdict verdict);

#endif
