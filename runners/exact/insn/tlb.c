// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arm Architecture Reference Manual (DDI 0487), C5.5 "A64 system instructions for TLB maintenance";
 * Intel SDM, volume 3, "Operations that invalidate TLBs and paging-structure caches".
 */
#include "runners/exact/insn/tlb.h"

#include <string.h>

#include "runners/exact/insn/decode.h"

#define MSR_TTBR    0xd5182000 /* TTBR0_EL1; or TTBR1_EL1, which has the ASID in Linux */
#define TTBR_FIELDS 0x3f       /* which of the two, and the register */

#define ONE(class) (1u << (class))

static const struct tlb_insn nothing = {.base = TLB_NO_REGISTER, .index = TLB_NO_REGISTER};
static const struct tlb_insn everything = {.pages = FLUSH_ALL,
					   .tables = FLUSH_ALL,
					   .kernel = true,
					   .base = TLB_NO_REGISTER,
					   .index = TLB_NO_REGISTER};

/*
 * TLBI VAE1, VAAE1, VALE1, VAALE1, RVAE1 and the like, of EL1. Other levels and stages are not
 * Linux's here. A pair of registers (TLBIP) names more than one: then all may be forgotten.
 */
static struct tlb_insn names_addresses(uint32_t insn, bool range)
{
	bool pair = insn & 1u << 22, last_level = insn & 1u << 7;
	unsigned int level = insn >> 16 & 7, xt = insn & 31;
	struct tlb_insn tlb = nothing;

	if (pair)
		return everything;
	tlb.kernel = true;
	if (level)
		return tlb;
	tlb.pages = FLUSH_ADDRESSES;
	tlb.tables = last_level ? FLUSH_NOTHING : FLUSH_ADDRESSES;
	tlb.form = range ? TLB_RANGE : TLB_PAGE;
	tlb.base = xt == 31 ? TLB_NO_REGISTER : (int)xt;
	return tlb;
}

struct tlb_insn tlb_arm64(uint64_t addr, const uint8_t *bytes, size_t size)
{
	struct tlb_insn tlb = nothing;
	uint32_t insn, classes;

	(void)addr;
	(void)size;
	memcpy(&insn, bytes, sizeof(insn));
	classes = decode_arm64(insn);
	if (classes & ONE(INSN_TLBI_ALL))
		return everything;
	if (classes & (ONE(INSN_TLBI_VA) | ONE(INSN_TLBI_RANGE)))
		return names_addresses(insn, classes & ONE(INSN_TLBI_RANGE));
	if (classes & ONE(INSN_TLBI_ASID))
		tlb.pages = tlb.tables = FLUSH_OWN;
	else if ((insn & ~(uint32_t)TTBR_FIELDS) == MSR_TTBR)
		tlb.tables = FLUSH_OWN;
	return tlb;
}

/* A write of CR4 is one of its PGE, which forgets everything, mostly. */
static bool writes_cr4(const uint8_t *bytes, size_t size)
{
	return size >= 3 && bytes[size - 3] == 0x0f && bytes[size - 2] == 0x22 &&
	       (bytes[size - 1] >> 3 & 7) == 4;
}

/* GDB's number of a register, of its three bits and one of REX. */
static int number_of(unsigned int low, bool high)
{
	static const int numbers[] = {0, 2, 3, 1, 7, 6, 4, 5};

	return high ? (int)low + 8 : numbers[low];
}

/* The number from at to end, with its sign: of 1 byte, of 4, or none. */
static uint64_t displacement(const uint8_t *at, const uint8_t *end)
{
	int32_t four = 0;

	if (end - at == 1)
		return (uint64_t)(int64_t)(int8_t)*at;
	if (end - at == sizeof(four))
		memcpy(&four, at, sizeof(four));
	return (uint64_t)(int64_t)four;
}

/*
 * What ModRM, at at, says of memory, in 64-bit mode (SDM, volume 2, "Addressing-mode encoding of
 * ModR/M and SIB bytes"); end is behind the instruction, which has nothing after that, and at next.
 */
static void operand(struct tlb_insn *tlb, uint8_t rex, const uint8_t *at, const uint8_t *end,
		    uint64_t next)
{
	unsigned int mode = *at >> 6, low = *at & 7, sib;

	at++;
	if (low == 4) {
		sib = *at++;
		low = sib & 7;
		tlb->shift = sib >> 6;
		if ((sib >> 3 & 7) != 4 || rex & 2)
			tlb->index = number_of(sib >> 3 & 7, rex & 2);
		if (mode || low != 5)
			tlb->base = number_of(low, rex & 1);
	} else if (mode || low != 5) {
		tlb->base = number_of(low, rex & 1);
	} else {
		tlb->offset = next;
	}
	tlb->offset += displacement(at, end);
}

/* A segment has a base, and a prefix makes addresses short: then all may be forgotten. */
static struct tlb_insn invlpg(uint64_t addr, const uint8_t *bytes, size_t size)
{
	struct tlb_insn tlb = nothing;
	const uint8_t *at = bytes;
	uint8_t rex = 0;

	for (; *at != 0x0f; at++) {
		if ((*at & 0xfe) == 0x64 || *at == 0x67)
			return everything;
		rex = (*at & 0xf0) == 0x40 ? *at : 0;
	}
	tlb.kernel = true;
	tlb.pages = FLUSH_ADDRESSES;
	tlb.tables = FLUSH_ALL;
	operand(&tlb, rex, at + 2, bytes + size, addr + size);
	return tlb;
}

struct tlb_insn tlb_x86(uint64_t addr, const uint8_t *bytes, size_t size)
{
	uint32_t classes = decode_x86(bytes, size);
	struct tlb_insn tlb = nothing;

	if (classes & (ONE(INSN_INVPCID) | ONE(INSN_INVLPGB)) || writes_cr4(bytes, size))
		return everything;
	if (classes & ONE(INSN_INVLPG))
		return invlpg(addr, bytes, size);
	if (classes & ONE(INSN_CR3)) {
		tlb.pages = FLUSH_OWN;
		tlb.tables = FLUSH_ALL;
	}
	return tlb;
}

/* BaseADDR, TTL, NUM, SCALE, TG, ASID, from the lowest bit on. */
static void range(uint64_t sum, bool wide, struct flush *ret)
{
	unsigned int granule = sum >> 46 & 3, scale = sum >> 44 & 3, shift = 10 + 2 * granule;
	uint64_t base = (uint64_t)((int64_t)(sum << 27) >> 27), pages = (sum >> 39 & 31) + 1;

	if (!granule) { /* reserved */
		ret->first = 0;
		ret->last = UINT64_MAX;
		return;
	}
	ret->first = base << (wide ? 16 : shift);
	ret->last = ret->first + (pages << (5 * scale + 1 + shift)) - 1;
}

void tlb_addresses(enum tlb_form form, uint64_t sum, bool wide, struct flush *ret)
{
	if (form == TLB_RANGE) {
		range(sum, wide, ret);
		return;
	}
	/* Bits 55 to 12 are the lowest 44 of the register. */
	if (form == TLB_PAGE)
		sum = (uint64_t)((int64_t)(sum << 20) >> 8);
	ret->first = ret->last = sum;
}
