/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How wide an interval must be where the data said how many units there are.
 */
#ifndef ANALYSIS_COMPARE_CONFIDENCE_H
#define ANALYSIS_COMPARE_CONFIDENCE_H

#include "analysis/results/results.h"

#define UNTIL_CONFIDENCE 0.97 /* nominal, of the intervals of times and rates (stopping.h) */

/*
 * The nominal confidence of an interval that holds the truth in INTERVAL_CONFIDENCE of cases: that,
 * unless the data said how many units there are.
 */
double until_nominal(const struct results *results);

#endif
