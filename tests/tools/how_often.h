/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A part of how-often.
 */
#ifndef TESTS_TOOLS_HOW_OFTEN_H
#define TESTS_TOOLS_HOW_OFTEN_H

#include <stdbool.h>

#include "tests/tools/simulate.h"

/* How often verdicts come out as `power` promises, as Markdown. */
void how_often_power(int trials);

/* How often whole checks are right, as Markdown. */
void how_often_checks(int trials);

/* How often intervals are right whose number of units the data chose, as Markdown. */
void how_often_until(int trials);

/* How often the interval is right where few runs or boots are far slower, as Markdown. */
void how_often_tails(int trials);

/* How often verdicts are right where runs are lost, at random or not, as Markdown. */
void how_often_lost(int trials);

/* And where counts have modes, as Markdown. */
void how_often_counts(int trials);

/* What a check against histories of releases says, as Markdown. */
void how_often_history(int trials);

/* How often one of 20 rows at once is marked though none differs, as Markdown. */
void how_often_rows(int trials);

/* Do the 95 % intervals of both kernels' run means overlap? Arm's Fastpath marks where they do not.
 */
bool how_often_overlap(const struct simulated *s);

#endif
