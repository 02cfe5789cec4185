/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metrics and their values as text.
 */
#ifndef ANALYSIS_RESULTS_METRIC_TEXT_H
#define ANALYSIS_RESULTS_METRIC_TEXT_H

#include "analysis/results/metric.h"
#include "analysis/results/point_names.h"
#include "analysis/text/numbers.h"

/* "less", "more", "neither": which way is better. */
const char *metric_better(const struct metric *m);

/* Many of what ops consist of: "faults", "processes". */
const char *per_many(const char *per, char text[POINT_TEXT]);

/* What a number is: "time of one op"; per is what ops consist of, "fault". */
const char *metric_about(const struct metric *m, const char *per, char text[2 * POINT_TEXT]);

/* "negative is faster": what a change says; static. */
const char *metric_sign(const struct metric *m);

/*
 * A value by its unit: times as "14.3 ms", rates as "641k", shares as "99.6%", what is counted as
 * "6.897M"; "-" for NaN.
 */
const char *value_text(const struct metric *metric, double value, char text[NUMBER_TEXT]);

#endif
