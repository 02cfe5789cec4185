/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether two kernels were measured in the same folio state. Each run proves what its point
 * promises; but not everything is promised, "pmd" is another order where a PMD maps more, and what
 * one kernel gives without being asked the other may not. Times of different folios compare folios.
 */
#ifndef ANALYSIS_RESULTS_FOLIO_STATE_H
#define ANALYSIS_RESULTS_FOLIO_STATE_H

#include <jansson.h>
#include <stdbool.h>

#include "analysis/results/results.h"

/*
 * The share of memory that must be of another kind for two states to differ: what is not promised
 * is looked at while it changes.
 */
#define STATES_SHARE (1.0 / 16)

/*
 * Do two states of a run ({"before", "after": {kind: KiB}}, common/record.h) contradict each other?
 * Returns "before" or "after", the first that does, or NULL. What either does not know, or has no
 * memory of at all, contradicts nothing: a state told by smaps alone is held against the mappings.
 */
const char *states_differ(const json_t *a, const json_t *b);

/* "order-9 PMD", "75% order-0 PTE, 25% order-9 PMD", "nothing": the kinds of {kind: KiB};
 * malloc'ed.
 */
char *states_text(const json_t *kinds);

/*
 * A reference to what stands for a state in `states`, {its text: it}: so that runs have the same
 * pointer if they have the same state. last: the state of the run before, or NULL. NULL if there is
 * none.
 */
json_t *states_share(json_t *states, json_t *last, json_t *state);

/*
 * Voids each point whose ok runs of two kernels contradict each other, for both: no run of it is ok
 * any more, and the cells say why. Runs share their states (states_share()); time is linear in the
 * distinct ones of each kernel.
 */
void states_void(struct results *results);

#endif
