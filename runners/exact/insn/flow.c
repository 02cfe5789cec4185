// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A64: Arm Architecture Reference Manual (DDI 0487), C4.1, "Branches, exception generating and
 * system instructions". x86-64: Intel SDM, volume 2, CALL, RET, ADD and LEA; with 66 the
 * displacement still has 32 bits in 64-bit mode.
 */
#include "runners/exact/insn/flow.h"

#include <stdbool.h>
#include <string.h>

static bool is(uint32_t insn, uint32_t mask, uint32_t value)
{
	return (insn & mask) == value;
}

struct flow flow_arm64(uint64_t addr, const uint8_t *bytes, size_t size)
{
	uint32_t insn;

	if (size != sizeof(insn))
		return (struct flow){FLOW_NONE, 0};
	memcpy(&insn, bytes, sizeof(insn));
	if (is(insn, 0xfc000000, 0x94000000)) /* BL: 26 bits, signed, in words */
		return (struct flow){FLOW_CALL,
				     addr + (uint64_t)((int64_t)(int32_t)(insn << 6) >> 4)};
	if (is(insn, 0xfffffc1f, 0xd63f0000) || /* BLR */
	    is(insn, 0xfefff800, 0xd63f0800))	/* BLRAA .. BLRABZ */
		return (struct flow){FLOW_CALL, 0};
	if (is(insn, 0xfffffc1f, 0xd65f0000) || /* RET */
	    is(insn, 0xfffffbff, 0xd65f0bff))	/* RETAA, RETAB */
		return (struct flow){FLOW_RETURN, 0};
	return (struct flow){FLOW_NONE, 0};
}

static bool is_prefix(uint8_t byte)
{
	return byte == 0x66 || byte == 0x67 || byte == 0xf2 || byte == 0xf3 ||
	       (byte & 0xe7) == 0x26 /* ES, CS, SS, DS */ || (byte & 0xfe) == 0x64 /* FS, GS */ ||
	       (byte & 0xf0) == 0x40 /* REX */;
}

/* By ADD to RSP, or LEA of it: a byte that is added, or four. 0: by another instruction. */
static uint64_t words_dropped(const uint8_t *bytes, size_t size)
{
	int32_t more;

	if ((size == 4 && !memcmp(bytes, "\x48\x83\xc4", 3)) ||
	    (size == 5 && !memcmp(bytes, "\x48\x8d\x64\x24", 4)))
		more = (int8_t)bytes[size - 1];
	else if ((size == 7 && !memcmp(bytes, "\x48\x81\xc4", 3)) ||
		 (size == 8 && !memcmp(bytes, "\x48\x8d\xa4\x24", 4)))
		memcpy(&more, bytes + size - sizeof(more), sizeof(more));
	else
		return 0;
	return more > 0 && more % 8 == 0 ? (uint64_t)more / 8 : 0;
}

struct flow flow_x86(uint64_t addr, const uint8_t *bytes, size_t size)
{
	uint64_t words;
	size_t i = 0;
	int32_t far;

	while (i < size && is_prefix(bytes[i]))
		i++;
	if (i + 5 == size && bytes[i] == 0xe8) {
		memcpy(&far, bytes + i + 1, sizeof(far));
		return (struct flow){FLOW_CALL, addr + size + (uint64_t)(int64_t)far};
	}
	if (i + 1 < size && bytes[i] == 0xff && (bytes[i + 1] & 0x38) == 0x10)
		return (struct flow){FLOW_CALL, 0};
	if ((i + 1 == size && bytes[i] == 0xc3) || (i + 3 == size && bytes[i] == 0xc2))
		return (struct flow){FLOW_RETURN, 0};
	words = words_dropped(bytes, size);
	return (struct flow){words ? FLOW_DROP : FLOW_NONE, words};
}
