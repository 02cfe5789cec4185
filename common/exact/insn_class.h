/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What exact mode tells apart among a kernel's instructions. An instruction can be of several
 * classes (an atomic is a load and a store as well) or of none. The names are those in journals.
 */
#ifndef COMMON_EXACT_INSN_CLASS_H
#define COMMON_EXACT_INSN_CLASS_H

/* What a table's row sums up. */
enum insn_group {
	GROUP_LOAD,
	GROUP_STORE,
	GROUP_ATOMIC,
	GROUP_BARRIER,
	GROUP_TLB,
	GROUP_IPI,
	GROUP_ZERO,
	GROUP_NONE, /* of what a sum has already */
	NR_INSN_GROUPS
};

/* Which architecture has such instructions. */
enum insn_arch {
	ON_ANY,
	ON_ARM64,
	ON_X86
};

/* What an encoding shows. */
#define INSN_DECODED(X)                                                                            \
	X(LOAD, "load", GROUP_LOAD, ON_ANY)	  /* reads data memory, once however many bytes */ \
	X(STORE, "store", GROUP_STORE, ON_ANY)	  /* writes data memory, likewise */               \
	X(ATOMIC, "atomic", GROUP_ATOMIC, ON_ANY) /* LSE, exclusives; LOCK, XCHG of memory */      \
	X(DSB, "dsb", GROUP_BARRIER, ON_ARM64)                                                     \
	X(DMB, "dmb", GROUP_BARRIER, ON_ARM64)                                                     \
	X(ISB, "isb", GROUP_BARRIER, ON_ARM64)                                                     \
	X(MFENCE, "mfence", GROUP_BARRIER, ON_X86)                                                 \
	X(LFENCE, "lfence", GROUP_BARRIER, ON_X86)                                                 \
	X(SFENCE, "sfence", GROUP_BARRIER, ON_X86)                                                 \
	/* CPUID, IRET, SERIALIZE, WBINVD, INVD, RSM: */                                           \
	X(SERIALISE, "serialise", GROUP_BARRIER, ON_X86)                                           \
	X(TLBI_VA, "tlbi-va", GROUP_TLB, ON_ARM64)	  /* by address */                         \
	X(TLBI_RANGE, "tlbi-range", GROUP_TLB, ON_ARM64)  /* by range of addresses */              \
	X(TLBI_ASID, "tlbi-asid", GROUP_TLB, ON_ARM64)	  /* by address-space identifier */        \
	X(TLBI_ALL, "tlbi-all", GROUP_TLB, ON_ARM64)	  /* everything, of any level or stage */  \
	X(TLBI_LOCAL, "tlbi-local", GROUP_NONE, ON_ARM64) /* of these four, on this CPU alone */   \
	X(TLBI_BROADCAST, "tlbi-broadcast", GROUP_NONE, ON_ARM64) /* and on others: IS, OS */      \
	X(INVLPG, "invlpg", GROUP_TLB, ON_X86)                                                     \
	X(INVLPGB, "invlpgb", GROUP_TLB, ON_X86) /* AMD's, on all CPUs */                          \
	X(INVPCID, "invpcid", GROUP_TLB, ON_X86)                                                   \
	X(CR3, "cr3", GROUP_TLB, ON_X86)	/* a write of CR3 */                               \
	X(ZERO, "dc-zva", GROUP_ZERO, ON_ARM64) /* zeroes a block: 64 bytes, mostly */             \
	/* An interrupt sent by software; on x86 an encoding does not show it: */                  \
	X(IPI, "ipi", GROUP_IPI, ON_ANY)                                                           \
	X(SPIN, "spin", GROUP_NONE, ON_ANY)		/* WFE, WFET, YIELD; PAUSE */              \
	X(EXCLUSIVE, "exclusive", GROUP_NONE, ON_ARM64) /* of atomics: store exclusive */          \
	X(CAS, "cas", GROUP_NONE, ON_ARM64)	/* of atomics: compare and swap, also of pairs */  \
	X(SWP, "swp", GROUP_NONE, ON_ARM64)	/* of atomics: swap */                             \
	X(LDADD, "ldadd", GROUP_NONE, ON_ARM64) /* of atomics: LDADD, STADD */                     \
	X(LDCLR, "ldclr", GROUP_NONE, ON_ARM64) /* of atomics: LDCLR, STCLR */                     \
	X(LDSET, "ldset", GROUP_NONE, ON_ARM64) /* of atomics: LDSET, STSET */                     \
	X(LDEOR, "ldeor", GROUP_NONE, ON_ARM64) /* of atomics: LDEOR, STEOR */                     \
	/* Of atomics: LDSMAX .. LDUMIN, STSMAX .. STUMIN, of 128 bits, RCW, of floats: */         \
	X(OTHER, "atomic-other", GROUP_NONE, ON_ARM64)                                             \
	X(CACHE, "cache", GROUP_NONE, ON_ARM64) /* DC but for those that write, IC */

/* And of exclusives, what it does not. */
#define INSN_CLASSES(X)                                               \
	INSN_DECODED(X)                                               \
	/* The branch behind was taken; there is no such branch: */   \
	X(EXCLUSIVE_FAILED, "exclusive-failed", GROUP_NONE, ON_ARM64) \
	X(EXCLUSIVE_UNKNOWN, "exclusive-unknown", GROUP_NONE, ON_ARM64)

enum insn_class {
#define X(id, name, group, arch) INSN_##id,
	INSN_CLASSES(X)
#undef X
	NR_INSN_CLASSES
};

#endif
