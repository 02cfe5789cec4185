/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the plugin has to know of an architecture: what its instructions are, and how its kernel is
 * left.
 */
#ifndef RUNNERS_EXACT_TARGET_H
#define RUNNERS_EXACT_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runners/exact/insn/flow.h"
#include "runners/exact/insn/tlb.h"

struct target {
	const char *name; /* QEMU's */
	int (*marker)(const uint8_t *bytes, size_t size);
	uint32_t (*decode)(const uint8_t *bytes, size_t size);
	bool (*leaves_kernel)(const uint8_t *bytes, size_t size);
	/*
	 * Whether what otherwise leaves the kernel does not if this instruction is in front of it:
	 * only what the processor has fetched is thrown away. NULL: there is none.
	 */
	bool (*stays)(const uint8_t *bytes, size_t size);
	struct flow (*flow)(uint64_t addr, const uint8_t *bytes, size_t size);
	struct tlb_insn (*tlb)(uint64_t addr, const uint8_t *bytes, size_t size);
	const char *const *registers; /* of api_registers() */
	/*
	 * Where in a page of a device the kernel writes to send an interrupt to other CPUs, or 0:
	 * by an instruction, which is a class of its own.
	 */
	uint64_t sends;
	/*
	 * Whether an instruction branches if the store exclusive in front of it failed, and where
	 * to. NULL: there are none.
	 */
	bool (*retries)(uint64_t addr, const uint8_t *bytes, const uint8_t *store, uint64_t *ret);
	size_t longest; /* instruction, bytes, if it can cross into the next page; else 0 */
};

/* NULL if the name is of none. */
const struct target *target_find(const char *name);

#endif
