// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A64 as of the Arm Architecture Reference Manual (DDI 0487), chapter C4, "A64 instruction set
 * encoding". Only instructions that are allocated are told apart with care: a kernel runs no
 * others.
 */
#include "runners/exact/insn/decode.h"

#include <stdbool.h>

/* Classes of an instruction, by the bits it has. Of several rows that match the first counts. */
struct pattern {
	uint32_t mask, value, classes;
};

enum {
	L = 1u << INSN_LOAD,
	S = 1u << INSN_STORE,
	A = 1u << INSN_ATOMIC,
	/* Atomics by kind */
	X = A | S | 1u << INSN_EXCLUSIVE,
	CAS = A | L | S | 1u << INSN_CAS,
	SWP = A | L | S | 1u << INSN_SWP,
	ADD = A | L | S | 1u << INSN_LDADD,
	CLR = A | L | S | 1u << INSN_LDCLR,
	SET = A | L | S | 1u << INSN_LDSET,
	EOR = A | L | S | 1u << INSN_LDEOR,
	OTHER = A | L | S | 1u << INSN_OTHER,
};

/* Loads and stores: bits 27 and 25 are 1 and 0. */
static const struct pattern memory[] = {
	/* Exclusive, ordered, compare and swap */
	{0x3fe00000, 0x08000000, X},	 /* STXR, STLXR */
	{0x3fe00000, 0x08400000, A | L}, /* LDXR, LDAXR */
	{0xbfe00000, 0x88200000, X},	 /* STXP, STLXP */
	{0xbfe00000, 0x88600000, A | L}, /* LDXP, LDAXP */
	{0xbfa00000, 0x08200000, CAS},	 /* CASP */
	{0x3fe00000, 0x08800000, S},	 /* STLR, STLLR */
	{0x3fe00000, 0x08c00000, L},	 /* LDAR, LDLAR */
	{0x3fa00000, 0x08a00000, CAS},	 /* CAS */
	{0xbfe00000, 0x89000000, X},	 /* STTXR, STLTXR */
	{0xbfe00000, 0x89400000, A | L}, /* LDTXR, LDATXR */
	{0x3fa00000, 0x09800000, CAS},	 /* CAST, CASPT */
	/* Structures of vectors */
	{0xbe400000, 0x0c000000, S}, /* ST1 .. ST4, STL1 */
	{0xbe400000, 0x0c400000, L}, /* LD1 .. LD4, LD1R .. LD4R, LDAP1 */
	/* Literals */
	{0xff000000, 0xd8000000, 0}, /* PRFM */
	{0x3b000000, 0x18000000, L}, /* LDR, LDRSW */
	/* Copy and set (MOPS) */
	{0xfbe00c00, 0x19c00400, S},	 /* SETP .. SETGE */
	{0xfb200c00, 0x19000400, L | S}, /* CPYP .. CPYE, CPYFP .. CPYFE */
	/* Memory tags, guarded control stack */
	{0xff600c00, 0xd9600000, L}, /* LDG, LDGM */
	{0xff200000, 0xd9200000, S}, /* STG .. STZ2G, STGM, STZGM */
	{0xffffec00, 0xd91f0c00, S}, /* GCSSTR, GCSSTTR */
	/* Release consistency (LRCPC2, LRCPC3) */
	{0xbf600c00, 0x99000800, S}, /* STILP, STLR with writeback */
	{0xbf600c00, 0x99400800, L}, /* LDIAPP, LDAPR with writeback */
	{0x3fe00c00, 0x19000000, S}, /* STLUR */
	{0x3f200c00, 0x19000000, L}, /* LDAPUR */
	{0x3f600c00, 0x1d000800, S}, /* STLUR of a vector */
	{0x3f600c00, 0x1d400800, L}, /* LDAPUR of a vector */
	/* Atomics of 128 bits, unprivileged, of page tables: LDCLRP, SWPP, LDTADD, SWPT, RCWCAS */
	{0xbf200000, 0x19200000, OTHER},
	/* Pairs */
	{0xff800000, 0x68000000, 0}, /* unallocated */
	{0x38400000, 0x28000000, S}, /* STP, STNP, STGP, STTP */
	{0x38400000, 0x28400000, L}, /* LDP, LDNP, LDPSW, LDTP */
	/* Prefetches among the loads of a register */
	{0xffc00000, 0xf9800000, 0}, /* PRFM, scaled offset */
	{0xffe00000, 0xf8800000, 0}, /* PRFUM */
	{0xffe00c00, 0xf8a00800, 0}, /* PRFM, RPRFM, offset in a register */
	/* Pointer authentication, atomics */
	{0xff200400, 0xf8200400, L},	 /* LDRAA, LDRAB */
	{0x3fe0fc00, 0x38a0c000, L},	 /* LDAPR */
	{0xffe0fc00, 0xf820d000, L},	 /* LD64B */
	{0xffe0fc00, 0xf8209000, S},	 /* ST64B */
	{0xffe0ec00, 0xf820a000, S},	 /* ST64BV, ST64BV0 */
	{0x3f20fc00, 0x38200000, ADD},	 /* LDADD, STADD */
	{0x3f20fc00, 0x38201000, CLR},	 /* LDCLR, STCLR */
	{0x3f20fc00, 0x38203000, SET},	 /* LDSET, STSET */
	{0x3f20fc00, 0x38202000, EOR},	 /* LDEOR, STEOR */
	{0x3f208c00, 0x38200000, OTHER}, /* LDSMAX .. LDUMIN, STSMAX .. STUMIN */
	{0x3f20fc00, 0x38208000, SWP},	 /* SWP */
	{0xbf20cc00, 0x38208000, OTHER}, /* RCWCLR, RCWSWP, RCWSET */
	{0x3f200c00, 0x38200000, 0},	 /* unallocated */
	{0x3f200c00, 0x3c200000, OTHER}, /* LDFADD .. STFMINNM */
	/* The other loads and stores of a register */
	{0x3c400000, 0x3c000000, S}, /* STR of a vector */
	{0x3c400000, 0x3c400000, L}, /* LDR of a vector */
	{0x3cc00000, 0x38000000, S}, /* STR, STUR, STTR */
	{0x3c000000, 0x38000000, L}, /* LDR, LDUR, LDTR, LDRS */
	{0, 0, 0},
};

/* SVE and SME: bit 31 is 1, bits 28, 27 and 25 are 0. Their arithmetic is in none of the rows. */
static const struct pattern scalable[] = {
	/* Prefetches among the loads */
	{0xbfa08000, 0x84200000, 0}, /* of addresses of 32 bits */
	{0xffc08000, 0x85c00000, 0}, /* scalar and offset */
	{0xfe60c000, 0x8400c000, 0}, /* scalar and scalar, vector and offset */
	{0xffe08000, 0xc4608000, 0}, /* of addresses of 64 bits */
	{0xfe60e000, 0xc400e000, 0}, /* vector and offset */
	/* SVE */
	{0xbe000000, 0x84000000, L}, /* gathers, LD1R, LDR */
	{0xfe000000, 0xa4000000, L}, /* contiguous */
	{0xfe000000, 0xe4000000, S},
	/* SME, and SVE2.1's several vectors */
	{0xfe200000, 0xe0000000, L}, /* also LDR of ZA and ZT0 */
	{0xfe200000, 0xe0200000, S},
	{0xfea00000, 0xa0000000, L},
	{0xfea00000, 0xa0200000, S},
	{0, 0, 0},
};

static const struct pattern system_insns[] = {
	{0xfffff0ff, 0xd503309f, 1u << INSN_DSB}, /* SSBB, PSSBB as well */
	{0xfffff3ff, 0xd503323f, 1u << INSN_DSB}, /* nXS */
	{0xfffff0ff, 0xd50330bf, 1u << INSN_DMB},
	{0xfffff0ff, 0xd50330df, 1u << INSN_ISB},
	{0xffffffe0, 0xd50b7420, S | 1u << INSN_ZERO}, /* DC ZVA */
	{0xffffffe0, 0xd50b7460, S},		       /* DC GVA */
	{0xffffffe0, 0xd50b7480, S | 1u << INSN_ZERO}, /* DC GZVA */
	{0xffffffe0, 0xd518cba0, 1u << INSN_IPI},      /* MSR ICC_SGI1R_EL1 */
	{0xffffffe0, 0xd518cbc0, 1u << INSN_IPI},      /* MSR ICC_ASGI1R_EL1 */
	{0xffffffe0, 0xd518cbe0, 1u << INSN_IPI},      /* MSR ICC_SGI0R_EL1 */
	{0xffffffff, 0xd503203f, 1u << INSN_SPIN},     /* YIELD */
	{0xffffffff, 0xd503205f, 1u << INSN_SPIN},     /* WFE */
	{0xffffffe0, 0xd5031000, 1u << INSN_SPIN},     /* WFET */
	{0, 0, 0},
};

static uint32_t look_up(const struct pattern *p, uint32_t insn)
{
	while ((insn & p->mask) != p->value)
		p++;
	return p->classes;
}

static unsigned int field(uint32_t insn, unsigned int low, unsigned int bits)
{
	return insn >> low & ((1u << bits) - 1);
}

/* SYS and SYSP with CRn 8, or 9 for those that do not wait for XS accesses. */
static bool is_tlbi(uint32_t insn)
{
	/* Which values of op2 there are, by op1 (0: EL1, 4: EL2, 6: EL3) and CRm. */
	static const uint8_t allocated[8][8] = {
		[0] = {0, 0xaf, 0xaa, 0xaf, 0, 0xaa, 0xaa, 0xaf},
		[4] = {0x66, 0x73, 0x26, 0x73, 0xff, 0x26, 0x26, 0x73},
		[6] = {0, 0x33, 0x22, 0x23, 0x88, 0x22, 0x22, 0x33},
	};

	if ((insn & 0xffb8e800) != 0xd5088000)
		return false;
	return allocated[field(insn, 16, 3)][field(insn, 8, 3)] >> field(insn, 5, 3) & 1;
}

/* SYS with CRn 7: DC and IC, but for DC ZVA, GVA and GZVA, which write, and are rows above. */
static bool is_cache_op(uint32_t insn)
{
	/* Which values of op2 there are, by op1 and CRm: 1 and 5 are IC. */
	static const uint8_t allocated[8][16] = {
		[0] = {[1] = 0x01, [5] = 0x01, [6] = 0x7e, [10] = 0x54, [14] = 0x54},
		[3] = {[5] = 0x02, [10] = 0x2a, [11] = 0x02, [12] = 0x2a, [13] = 0x2a, [14] = 0x2a},
		[6] = {[14] = 0x22},
	};

	if ((insn & 0xfff8f000) != 0xd5087000)
		return false;
	return allocated[field(insn, 16, 3)][field(insn, 8, 4)] >> field(insn, 5, 3) & 1;
}

/*
 * What a TLBI invalidates: CRm says where (1 and 5 outer shareable, 2 and 3 inner shareable, 6 and
 * 7 here) and whether by range, op2 what; CRm 0 and 4 hold stage 2 by address, and physical
 * addresses.
 */
static enum insn_class tlbi_class(uint32_t insn)
{
	static const enum insn_class one[] = {
		INSN_TLBI_ALL, INSN_TLBI_VA, INSN_TLBI_ASID, INSN_TLBI_VA,
		INSN_TLBI_ALL, INSN_TLBI_VA, INSN_TLBI_ALL,  INSN_TLBI_VA,
	};
	unsigned int crm = field(insn, 8, 4), op2 = field(insn, 5, 3);

	switch (crm) {
	case 0: /* IPAS2E1IS, RIPAS2E1IS, IPAS2LE1IS, RIPAS2LE1IS: 1, 2, 5, 6 */
		return op2 & 2 ? INSN_TLBI_RANGE : INSN_TLBI_VA;
	case 4: /* IPAS2E1OS, IPAS2E1, RIPAS2E1, RIPAS2E1OS: 0 .. 3; of the last level: 4 .. 7 */
		return op2 & 2 ? INSN_TLBI_RANGE : INSN_TLBI_VA;
	case 2:
	case 5:
	case 6: /* even: VMALLWS2E1 */
		return op2 & 1 ? INSN_TLBI_RANGE : INSN_TLBI_ALL;
	default:
		return one[op2];
	}
}

/* Whether only this CPU does. */
static bool tlbi_is_local(uint32_t insn)
{
	unsigned int crm = field(insn, 8, 4), op2 = field(insn, 5, 3);

	/* CRm 4: IPAS2E1, RIPAS2E1, IPAS2LE1, RIPAS2LE1 */
	return crm == 6 || crm == 7 || (crm == 4 && ((op2 ^ op2 >> 1) & 1));
}

uint32_t decode_arm64(uint32_t insn)
{
	if ((insn & 0x0a000000) == 0x08000000)
		return look_up(memory, insn);
	if ((insn & 0x9a000000) == 0x80000000)
		return look_up(scalable, insn);
	if (is_tlbi(insn))
		return 1u << tlbi_class(insn) |
		       1u << (tlbi_is_local(insn) ? INSN_TLBI_LOCAL : INSN_TLBI_BROADCAST);
	if (is_cache_op(insn))
		return 1u << INSN_CACHE;
	return look_up(system_insns, insn);
}
