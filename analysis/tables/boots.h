/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ANALYSIS_TABLES_BOOTS_H
#define ANALYSIS_TABLES_BOOTS_H

#include <stdio.h>

#include "analysis/results/results.h"

/*
 * The boots of each kernel, as all numbers have them: when and with what perturbation, how many of
 * their runs are ok, whether a cache of results had them, and in which of the journals (paths) they
 * were met first.
 */
void tables_boots(FILE *out, const struct results *results, char *const *paths);

#endif
