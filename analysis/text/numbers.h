/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exact counts as text.
 */
#ifndef ANALYSIS_TEXT_NUMBERS_H
#define ANALYSIS_TEXT_NUMBERS_H

#include <stdbool.h>

#define NUMBER_TEXT 40

/*
 * Four digits: "6.897M", "145", "6.33"; "-" for what is not finite. From 10 k on the count is
 * rounded to a whole number first, as number_grouped() shows it, so that both agree.
 */
const char *number_count(double count, char text[NUMBER_TEXT]);

/* A whole number, "6,897,459"; with sign "+6,897,459". */
const char *number_grouped(long long value, bool sign, char text[NUMBER_TEXT]);

/*
 * A fraction as a percentage: without sign, two decimals below 10 %, "0.02%", "28.9%"; with it two
 * below 100 %, "+57.26%". Fewer above, none from 100 % on; with sign, a factor from 1000 % on:
 * "x 21846".
 */
const char *number_percent(double fraction, bool sign, char text[NUMBER_TEXT]);

/* A fraction as a percentage with so many decimals, "-1.0%"; with sign "+7.3%", and a factor as
 * above; no sign before 0.
 */
const char *number_fixed(double fraction, int decimals, bool sign, char text[NUMBER_TEXT]);

/* A change as a percentage without the sign for it: "+1.02", two decimals, fewer from 10 % on. */
const char *number_change(double fraction, char text[NUMBER_TEXT]);

/* An interval of changes likewise, "-0.31 .. +2.37"; "-" where it is not finite. */
const char *number_interval(double low, double high, char text[2 * NUMBER_TEXT]);

#endif
