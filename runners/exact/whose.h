/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose what a vCPU executes in an operation is: the operation's, an interrupt's, or another
 * task's. There is one guest, so no handle.
 *
 * Of one vCPU, others are counted as the operation's, which is void if it was not to wait for them.
 * Of several an operation may wait for what another holds: then what its vCPU does meanwhile is
 * nobody's. Which task goes on is told by where the kernel keeps its registers, which is in the
 * task: it is stored to, of the one that is left, just before it is loaded from, of the other.
 */
#ifndef RUNNERS_EXACT_WHOSE_H
#define RUNNERS_EXACT_WHOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "runners/exact/entries.h"

#define WHOSE_SWITCH 64 /* bytes of the code that switches, from its beginning, are looked at */

/* How many vCPUs there are, before anything else; else it is one. */
void whose_vcpus(unsigned int nr);

/* An operation begins on the vCPU. */
void whose_start(unsigned int vcpu);

/* The kernel is entered there; or left, by the instruction that follows, which is that block. */
void whose_enter(unsigned int vcpu, enum entry_kind kind);
void whose_leave(unsigned int vcpu, uintptr_t block);

/* An access of the code that switches tasks. */
void whose_access(unsigned int vcpu, uint64_t vaddr, bool store);

#endif
