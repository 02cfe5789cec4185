/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether an area is in a state; area_proof.c says how each is proved.
 */
#ifndef BENCH_HARNESS_PROOF_AREA_PROOF_H
#define BENCH_HARNESS_PROOF_AREA_PROOF_H

#include <stdbool.h>

#include "bench/bench.h"
#include "bench/harness/proof/folio_kinds.h"

#define PROVE_TEXT 160

/* What is promised of an area before or after op: of it alone, or of all. */
enum area_state prove_promised(const struct bench_run *run, const struct bench_area *area,
			       bool after);

/* Looks at an area of which a state is promised: one that is to be bare has no census. */
struct area_look prove_look(const struct bench_area *area, enum area_state state);

/* What a state promises, in words, of an area of that order and so many VMAs. */
void prove_name(enum area_state state, int order, unsigned int vmas, char text[PROVE_TEXT]);

/*
 * Is what was seen in the area the state? splits is what thp_splits() said before it was populated.
 * What was seen goes into seen, also if all is as promised.
 */
bool prove_state(const struct bench_area *area, enum area_state state, const struct area_look *look,
		 long splits, char seen[PROVE_TEXT]);

/* The VMAs that an area must be in a state: a stack is one page at first. */
bool prove_vmas(const struct bench_area *area, enum area_state state, char seen[PROVE_TEXT]);

#endif
