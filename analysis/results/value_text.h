/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of metrics as text.
 */
#ifndef ANALYSIS_RESULTS_VALUE_TEXT_H
#define ANALYSIS_RESULTS_VALUE_TEXT_H

#include "analysis/results/metric.h"
#include "analysis/text/numbers.h"

/*
 * By its unit: times as "14.3 ms", rates as "641k", shares as "99.6%", what is counted as "6.897M";
 * "-" for NaN.
 */
const char *value_text(const struct metric *metric, double value, char text[NUMBER_TEXT]);

#endif
