// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/insn/target.h"

#include <string.h>

#include "common/marker.h"
#include "runners/exact/insn/decode.h"

#define ERET	    0xd69f03e0
#define MSR_TTBR    0xd5182000 /* TTBR0_EL1; or TTBR1_EL1, which has the ASID in Linux */
#define XAPIC_ICR   0x300      /* Intel SDM, volume 3, "Interrupt command register" */
#define TTBR_FIELDS 0x3f       /* which of the two, and the register */

static uint32_t word(const uint8_t *bytes)
{
	uint32_t insn;

	memcpy(&insn, bytes, sizeof(insn));
	return insn;
}

static int find_arm64(const uint8_t *bytes, size_t size)
{
	(void)size;
	return marker_arm64(word(bytes));
}

static uint32_t classes_arm64(const uint8_t *bytes, size_t size)
{
	(void)size;
	return decode_arm64(word(bytes));
}

static enum tlb_effect tlb_arm64(const uint8_t *bytes, size_t size)
{
	uint32_t classes = classes_arm64(bytes, size);

	if (classes & (1u << INSN_TLBI_ALL))
		return TLB_ALL;
	if (classes & (1u << INSN_TLBI_ASID))
		return TLB_OWN;
	if (classes & (1u << INSN_TLBI_VA | 1u << INSN_TLBI_RANGE))
		return TLB_ADDRESS;
	return (word(bytes) & ~TTBR_FIELDS) == MSR_TTBR ? TLB_SWITCH : TLB_NOTHING;
}

/*
 * The store exclusive says in a register (bits 20 to 16) whether it failed, and CBNZ branches if
 * that is not 0: 19 bits, signed, in words (DDI 0487, C6.2.45).
 */
static bool retries_arm64(uint64_t addr, const uint8_t *bytes, const uint8_t *store, uint64_t *ret)
{
	uint32_t insn = word(bytes);

	*ret = addr + (uint64_t)((int64_t)(int32_t)(insn << 8 & 0xffffe000) >> 11);
	return (insn & 0x7f000000) == 0x35000000 && (insn & 31) == (word(store) >> 16 & 31);
}

static bool is_eret(const uint8_t *bytes, size_t size)
{
	(void)size;
	return word(bytes) == ERET;
}

static bool is_iretq(const uint8_t *bytes, size_t size)
{
	return size == 2 && bytes[0] == 0x48 && bytes[1] == 0xcf;
}

/* PUSH of an immediate, of 32 bits: where IRETQ goes on, which is behind it. */
static bool is_push(const uint8_t *bytes, size_t size)
{
	return size == 5 && bytes[0] == 0x68;
}

/* A write of CR4 is one of its PGE, which forgets everything, mostly. */
static bool writes_cr4(const uint8_t *bytes, size_t size)
{
	return size >= 3 && bytes[size - 3] == 0x0f && bytes[size - 2] == 0x22 &&
	       (bytes[size - 1] >> 3 & 7) == 4;
}

static enum tlb_effect tlb_x86(const uint8_t *bytes, size_t size)
{
	uint32_t classes = decode_x86(bytes, size);

	if (classes & (1u << INSN_INVPCID) || writes_cr4(bytes, size))
		return TLB_ALL;
	if (classes & (1u << INSN_CR3))
		return TLB_OWN;
	return classes & (1u << INSN_INVLPG | 1u << INSN_INVLPGB) ? TLB_ADDRESS : TLB_NOTHING;
}

static const struct target targets[] = {
	{"aarch64", find_arm64, classes_arm64, is_eret, NULL, flow_arm64, tlb_arm64, 0,
	 retries_arm64, 0},
	{"x86_64", marker_x86, decode_x86, is_iretq, is_push, flow_x86, tlb_x86, XAPIC_ICR, NULL,
	 15},
};

const struct target *target_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (!strcmp(name, targets[i].name))
			return &targets[i];
	return NULL;
}
