/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest executes in the iterations of one run, counted by blocks: straight pieces of code
 * of which each instruction is executed whenever the first is. There is one guest, so no handle;
 * of several vCPUs one executes at a time.
 */
#ifndef RUNNERS_EXACT_COUNTS_H
#define RUNNERS_EXACT_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/exact/insn_class.h"
#include "runners/exact/qemu_api.h"

#define KERNEL (1ULL << 63) /* set in addresses of the kernel */

#define COUNTS_FIRST 4 /* of api_count(), that is a block's; those before are for others */

/* How many vCPUs there are, at most TURNS_VCPUS, before anything else; else it is one. */
void counts_vcpus(unsigned int nr);

#define CODE_INSNS 16 /* of a block, at most: as many as their lengths have room */

/* What makes a block. The same code is translated more than once, and code can change. */
struct code {
	uint64_t addr;
	uint64_t lengths; /* in bytes, four bits each, the first in the lowest */
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
 * An operation begins on a vCPU, and ends there. False without memory. What it executes in between
 * is the operation's own until something else is said.
 */
bool counts_start(unsigned int vcpu);
void counts_stop(unsigned int vcpu);

/* Whether an operation of the next iteration has begun. All have ended: there is one more; false if
 * it is none. */
bool counts_begun(void);
bool counts_sample(void);

/* Whose what a vCPU executes from now on is. */
enum counts_whose {
	COUNTS_OWN,	  /* the operation's */
	COUNTS_INTERRUPT, /* what an interrupt brought in between */
	COUNTS_OTHERS	  /* another task's, while the operation waits */
};

void counts_go_on(unsigned int vcpu, enum counts_whose whose);

/* An interrupt begins. Its end is called with the block of its last instruction, which is about to
 * be executed. */
void counts_interrupted(unsigned int vcpu);
void counts_resumed(unsigned int vcpu, size_t block);

/* The kernel goes on with another task, or with the first again. */
void counts_switched(unsigned int vcpu, enum counts_whose whose);

/* The vCPU sent an interrupt to others, by a device: what it executed does not show it. */
void counts_sent_ipi(unsigned int vcpu);

/* A branch that is taken if the store exclusive in front of it failed: where it then goes on. */
struct retry {
	uint64_t taken, not_taken;
};

/*
 * The vCPU, one of several, has executed a store exclusive, and executes the branch that tells
 * whether it failed; NULL: there is none. retry is kept.
 */
void counts_exclusive(unsigned int vcpu, const struct retry *retry);

/* Whether an operation has begun there, and not ended. */
bool counts_inside(unsigned int vcpu);

/* Prints "iterations", "blocks" and "turns" of the run, members of a JSON object (plugin.c says
 * which). */
void counts_print(FILE *out);

#endif
