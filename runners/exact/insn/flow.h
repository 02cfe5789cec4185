/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which instructions call and return, from their encoding alone.
 */
#ifndef RUNNERS_EXACT_FLOW_H
#define RUNNERS_EXACT_FLOW_H

#include <stddef.h>
#include <stdint.h>

enum flow_kind {
	FLOW_NONE,
	FLOW_CALL,
	FLOW_RETURN,
	FLOW_DROP /* what is on top of the stack, which may be where to return to */
};

struct flow {
	enum flow_kind kind;
	uint64_t value; /* a call's target, absolute, or 0: it does not say it; words dropped */
};

/* The A64 instruction at addr: BL, BLR and RET, also those that authenticate. */
struct flow flow_arm64(uint64_t addr, const uint8_t *bytes, size_t size);

/* The instruction of x86-64 at addr, size bytes long: near CALL and RET; ADD to RSP, and LEA. */
struct flow flow_x86(uint64_t addr, const uint8_t *bytes, size_t size);

#endif
