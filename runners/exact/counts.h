/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest executes in the iterations of one run, counted by blocks: straight pieces of code
 * of which each instruction is executed whenever the first is. There is one guest, so no handle.
 */
#ifndef RUNNERS_EXACT_COUNTS_H
#define RUNNERS_EXACT_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/insn_class.h"
#include "runners/exact/qemu_api.h"

#define KERNEL (1ULL << 63) /* set in addresses of the kernel */

#define COUNTS_FIRST 4 /* of api_count(), that is a block's; those before are for others */

/* What makes a block. The same code is translated more than once, and code can change. */
struct code {
	uint64_t addr;
	uint32_t insns;
	uint8_t classes[NR_INSN_CLASSES]; /* instructions of each */
};

/* The block of this code, by number. Ends the process without memory. */
size_t counts_block(const struct code *code);

/* Has the block counted whenever the instruction, its first, is executed. */
void counts_at(struct qemu_plugin_insn *insn, size_t block);

/* A run begins: iterations and what their blocks come to are forgotten. */
void counts_run(void);

/*
 * An operation begins; it ends as the run's next iteration. False without memory. Interrupts in
 * between are told apart: the end of one is called with the block of its last instruction, which
 * is about to be executed.
 */
bool counts_start(void);
void counts_interrupted(void);
void counts_resumed(size_t block);
void counts_stop(void);

/* The kernel goes on with another task: every second time with the one that began the operation. */
void counts_switched(void);

/* Whether an operation has begun, and not ended. */
bool counts_inside(void);

/* Prints "iterations", "blocks" and "turns" of the run, members of a JSON object (plugin.c says
 * which). */
void counts_print(FILE *out);

#endif
