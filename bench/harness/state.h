/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which folios an area consists of, as a run's record tells it (common/record.h).
 */
#ifndef HARNESS_STATE_H
#define HARNESS_STATE_H

#include <jansson.h>

#include "bench/bench.h"
#include "bench/harness/folios.h"

/*
 * Adds an area's to state, {kind: KiB}: "order-4 PTE", "order-9 PMD", "torn PTE" (of folios mapped
 * in part), "small zero", "huge zero"; where kpageflags cannot be read, "PTE", "PMD" and "zero".
 * census may be NULL: then nothing is known of zero pages. Pages that are not there have no kind.
 */
void state_add(json_t *state, const struct smaps *smaps, const struct folio_census *census);

#endif
