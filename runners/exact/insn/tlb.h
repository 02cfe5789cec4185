/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an instruction does to translations that a CPU remembers, from its encoding; and which
 * addresses it names, from the registers that it names them by.
 */
#ifndef RUNNERS_EXACT_TLB_H
#define RUNNERS_EXACT_TLB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runners/exact/model/hierarchy.h"

/* How registers say where. */
enum tlb_form {
	TLB_LINEAR, /* the sum is an address */
	TLB_PAGE,   /* TLBI VAE1 and the like: the page's number, and what is no part of it */
	TLB_RANGE   /* TLBI RVAE1 and the like */
};

#define TLB_NO_REGISTER -1

struct tlb_insn {
	enum flush_scope pages, tables; /* FLUSH_NOTHING both: it does nothing */
	bool kernel; /* what the kernel's addresses lead to may be another since */
	/* Of FLUSH_ADDRESSES: base + (index << shift) + offset, numbers of api_register() */
	enum tlb_form form;
	int base, index;
	unsigned int shift;
	uint64_t offset;
};

/* Of an instruction of the kernel's, at addr, size bytes. */
struct tlb_insn tlb_arm64(uint64_t addr, const uint8_t *bytes, size_t size);
struct tlb_insn tlb_x86(uint64_t addr, const uint8_t *bytes, size_t size);

/*
 * The addresses, first to last, that are named by such a sum. wide: ranges are of addresses of 52
 * bits in pages of less than 64 KiB (FEAT_LPA2), whose numbers are in units of 64 KiB.
 */
void tlb_addresses(enum tlb_form form, uint64_t sum, bool wide, struct flush *ret);

#endif
