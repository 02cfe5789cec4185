/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading journals into results, for sections.c; others take results_load() or sections_load().
 */
#ifndef ANALYSIS_RESULTS_LOAD_H
#define ANALYSIS_RESULTS_LOAD_H

#include "analysis/results/origin.h"
#include "analysis/results/results.h"

/*
 * Reads journals, as many as *origins has, as results_load() does. The first time, with
 * SOURCES_ALL, all runs are taken, whatever their source, and *origins say what there is; then, of
 * a section, only what belongs to it according to these.
 */
bool results_read(struct results *ret, char *const *paths, struct origins *origins,
		  source_set section);

#endif
