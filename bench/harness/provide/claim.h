/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who measures on this machine: one at a time, for two would spoil each other's numbers, and each
 * would save the other's switches as what was there before. The claim is a lock on a file that
 * others cannot open (common/runtime_dir.h), held until the last process that has it ends: ours,
 * and the keeper of knobs.c. Root's runs and those of each user are kept apart from each other;
 * a user's wait for root's as well.
 *
 * Beside it stands who it is, for whoever wants to know: {"pid", "began": of that process, in ticks
 * since boot, "command", "since"}.
 */
#ifndef BENCH_HARNESS_PROVIDE_CLAIM_H
#define BENCH_HARNESS_PROVIDE_CLAIM_H

#include <stdbool.h>

enum claim {
	CLAIM_OURS, /* or there is no place for a lock, so it holds nobody up */
	CLAIM_THEIRS,
	CLAIM_ABANDONED, /* control_fd closed while we waited */
};

/*
 * Claims this machine. Waits wait_ms for one that is about to end; below 0 for as long as it takes,
 * those who wait in the order in which they came, and says for whom.
 */
enum claim claim_machine(int wait_ms, int control_fd);

/*
 * "pid 4711 (`faultbench run quick`, since 2025-01-31 12:03:05)": who has the claim; malloc'ed,
 * NULL if that is not known.
 */
char *claim_holder(void);

/* Likewise, who had it before us and was killed; NULL if nobody was, or that is not known. */
const char *claim_before(void);

/* Whether root has the claim: for a user, who cannot try. */
bool claim_of_root(void);

/* The claim is about to end: nobody has it any more. */
void claim_forget(void);

#endif
