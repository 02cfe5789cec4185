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

#define INSN_CLASSES(X)                                                                            \
	X(LOAD, "load", GROUP_LOAD)	   /* reads data memory, once however many bytes */        \
	X(STORE, "store", GROUP_STORE)	   /* writes data memory, likewise */                      \
	X(ATOMIC, "atomic", GROUP_ATOMIC)  /* arm64 LSE, exclusives; x86 LOCK, XCHG of memory */   \
	X(DSB, "dsb", GROUP_BARRIER)	   /* arm64 */                                             \
	X(DMB, "dmb", GROUP_BARRIER)	   /* arm64 */                                             \
	X(ISB, "isb", GROUP_BARRIER)	   /* arm64 */                                             \
	X(MFENCE, "mfence", GROUP_BARRIER) /* x86 */                                               \
	X(LFENCE, "lfence", GROUP_BARRIER) /* x86 */                                               \
	X(SFENCE, "sfence", GROUP_BARRIER) /* x86 */                                               \
	X(SERIALISE, "serialise",                                                                  \
	  GROUP_BARRIER)		       /* x86 CPUID, IRET, SERIALIZE, WBINVD, INVD, RSM */ \
	X(TLBI_VA, "tlbi-va", GROUP_TLB)       /* arm64, by address */                             \
	X(TLBI_RANGE, "tlbi-range", GROUP_TLB) /* arm64, by range of addresses */                  \
	X(TLBI_ASID, "tlbi-asid", GROUP_TLB)   /* arm64, by address-space identifier */            \
	X(TLBI_ALL, "tlbi-all", GROUP_TLB)     /* arm64, everything, of any level or stage */      \
	X(TLBI_LOCAL, "tlbi-local", GROUP_NONE)		/* of these four, on this CPU alone */     \
	X(TLBI_BROADCAST, "tlbi-broadcast", GROUP_NONE) /* and on others: IS, OS */                \
	X(INVLPG, "invlpg", GROUP_TLB)			/* x86 */                                  \
	X(INVLPGB, "invlpgb", GROUP_TLB)		/* x86, AMD's, on all CPUs */              \
	X(INVPCID, "invpcid", GROUP_TLB)		/* x86 */                                  \
	X(CR3, "cr3", GROUP_TLB)			/* x86, a write of CR3 */                  \
	X(ZERO, "dc-zva", GROUP_ZERO) /* arm64, zeroes a block: 64 bytes, mostly */                \
	X(IPI, "ipi", GROUP_IPI) /* arm64, an interrupt sent by software; on x86 an encoding does  \
				    not show it */                                                 \
	X(SPIN, "spin", GROUP_NONE)	      /* arm64 WFE, WFET, YIELD; x86 PAUSE */              \
	X(EXCLUSIVE, "exclusive", GROUP_NONE) /* arm64, of atomics: store exclusive */             \
	X(CAS, "cas", GROUP_NONE)     /* arm64, of atomics: compare and swap, also of pairs */     \
	X(SWP, "swp", GROUP_NONE)     /* arm64, of atomics: swap */                                \
	X(LDADD, "ldadd", GROUP_NONE) /* arm64, of atomics: LDADD, STADD */                        \
	X(LDCLR, "ldclr", GROUP_NONE) /* arm64, of atomics: LDCLR, STCLR */                        \
	X(LDSET, "ldset", GROUP_NONE) /* arm64, of atomics: LDSET, STSET */                        \
	/* Of exclusives, which an encoding does not show: */                                      \
	X(EXCLUSIVE_FAILED, "exclusive-failed", GROUP_NONE)   /* the branch behind was taken */    \
	X(EXCLUSIVE_UNKNOWN, "exclusive-unknown", GROUP_NONE) /* there is no such branch */

enum insn_class {
#define X(id, name, group) INSN_##id,
	INSN_CLASSES(X)
#undef X
	NR_INSN_CLASSES
};

#endif
