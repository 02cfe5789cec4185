/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which classes an instruction belongs to, from its encoding alone.
 */
#ifndef RUNNERS_EXACT_DECODE_H
#define RUNNERS_EXACT_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "common/exact/insn_class.h"

_Static_assert(INSN_EXCLUSIVE_FAILED <= 32, "a class has no bit");

/* A bit (1 << class) for each class of an A64 instruction; 0 for none and for unallocated ones. */
uint32_t decode_arm64(uint32_t insn);

/*
 * The same for an instruction of x86-64 in 64-bit mode, size bytes long (1 .. 15, as the processor
 * would delimit it). Implicit accesses of the stack by PUSH, POP, CALL, RET count as the store or
 * load they are; string instructions with REP count as one instruction; PREFETCH, LEA, NOP with
 * an operand, and CLFLUSH count as no access. 0 for bytes that are no instruction.
 */
uint32_t decode_x86(const uint8_t *bytes, size_t size);

#endif
