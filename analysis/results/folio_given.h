/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folios that the kernel chooses, in an op that is about getting them: those that are swapped in.
 * Runs that got others are compared all the same, as that is what kernels differ in; but it is
 * said.
 */
#ifndef ANALYSIS_RESULTS_FOLIO_GIVEN_H
#define ANALYSIS_RESULTS_FOLIO_GIVEN_H

#include "analysis/results/results.h"

/*
 * Warns of each cell with a run that was given other folios than the first run of the point: that
 * of the first kernel which says what it gave. States are told apart as by states_differ().
 */
void given_warn(struct results *results);

#endif
