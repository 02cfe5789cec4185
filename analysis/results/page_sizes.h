/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels whose base pages have different sizes: an order is other bytes on each, and so is what a
 * PMD maps.
 */
#ifndef ANALYSIS_RESULTS_PAGE_SIZES_H
#define ANALYSIS_RESULTS_PAGE_SIZES_H

#include <jansson.h>

#include "analysis/results/results.h"

/*
 * A folio state of a run (analysis/results/folio_state.h) of a kernel, by what the point asks for,
 * so that those of kernels with other pages can be held against it: "64K PTE" where it asks for
 * bytes, "pmd PMD" where it leaves the order to what a PMD maps. A new reference: state itself
 * where all kernels have pages of one size, or the point asks for an order.
 */
json_t *pages_state(const struct results *r, size_t kernel, size_t point, json_t *state);

/* Warns at each cell whose pages are not those of the first kernel, unless the point asks for
 * bytes. */
void pages_warn(struct results *r);

#endif
