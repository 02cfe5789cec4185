// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/translate.h"

#include <stdlib.h>
#include <string.h>

#include "runners/exact/counts.h"
#include "runners/exact/entries.h"
#include "runners/exact/parts.h"
#include "runners/exact/whose.h"

#define PAGE	   4096 /* of x86 */
#define INSN_BYTES 16	/* no instruction is longer */

struct translate translate;

/* A piece of code in the making: what a block will be. */
struct piece {
	struct qemu_plugin_insn *first;
	struct code code;
	struct qemu_plugin_insn *exclusive; /* the instruction in front, if it stores so; NULL */
	uint8_t store[INSN_BYTES];	    /* its bytes */
	bool stays;			    /* what follows does not leave the kernel */
};

/* Makes the piece a block, and begins another. */
static void end_piece(struct piece *piece)
{
	if (piece->first) {
		counts_at(piece->first, counts_block(&piece->code));
		parts_block(piece->first, &piece->code);
	}
	piece->first = NULL;
	memset(&piece->code, 0, sizeof(piece->code));
}

/* Has fn called before the instruction, and begins a piece with it. */
static void call_at(struct piece *piece, struct qemu_plugin_insn *insn,
		    qemu_plugin_vcpu_udata_cb_t fn, uintptr_t userdata)
{
	end_piece(piece);
	qemu_plugin_register_vcpu_insn_exec_cb(insn, fn, QEMU_PLUGIN_CB_NO_REGS, (void *)userdata);
}

static void call(struct qemu_plugin_insn *insn, qemu_plugin_vcpu_udata_cb_t fn,
		 const void *userdata)
{
	qemu_plugin_register_vcpu_insn_exec_cb(insn, fn, QEMU_PLUGIN_CB_NO_REGS, (void *)userdata);
}

/* Of the store exclusive in front, if there is one, it is known whether it failed, or not. */
static void follow_exclusive(struct piece *piece, struct qemu_plugin_insn *insn, uint64_t addr,
			     const uint8_t *bytes, size_t size)
{
	struct retry *retry = piece->exclusive && insn ? malloc(sizeof(*retry)) : NULL;

	if (retry && translate.target->retries(addr, bytes, piece->store, &retry->taken)) {
		retry->not_taken = addr + size;
		call(insn, translate.exclusive, retry); /* keeps it */
	} else if (piece->exclusive) {
		call(piece->exclusive, translate.exclusive, NULL);
		free(retry);
	}
	piece->exclusive = NULL;
}

static void add_insn(struct piece *piece, struct qemu_plugin_insn *insn, uint64_t addr, size_t size,
		     uint32_t classes)
{
	size_t i;

	if (piece->code.insns == CODE_INSNS)
		end_piece(piece);
	if (!piece->first) {
		piece->first = insn;
		piece->code.addr = addr;
	}
	piece->code.lengths |= (uint64_t)size << 4 * piece->code.insns;
	piece->code.insns++;
	for (i = 0; i < INSN_EXCLUSIVE_FAILED; i++)
		piece->code.classes[i] = (uint8_t)(piece->code.classes[i] + (classes >> i & 1));
}

/* Counts an instruction, which is no marker. */
static void count_insn(struct piece *piece, struct qemu_plugin_insn *insn, uint64_t addr,
		       const uint8_t *bytes, size_t size)
{
	uint32_t classes = translate.target->decode(bytes, size);
	bool kernel = addr & KERNEL,
	     leaves = kernel && translate.target->leaves_kernel(bytes, size) && !piece->stays;
	enum entry_kind kind;

	if (kernel && entries_find(addr, bytes, &kind))
		call_at(piece, insn, translate.entry, kind);
	if (translate.switching && entries_switches(addr, WHOSE_SWITCH))
		qemu_plugin_register_vcpu_mem_cb(insn, translate.switching, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, NULL);
	if (translate.sending && kernel && translate.target->sends && classes & 1U << INSN_STORE)
		qemu_plugin_register_vcpu_mem_cb(insn, translate.sending, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_W, NULL);
	follow_exclusive(piece, insn, addr, bytes, size);
	if (translate.exclusive && kernel && classes & 1U << INSN_EXCLUSIVE) {
		piece->exclusive = insn;
		memcpy(piece->store, bytes, size);
	}
	if (leaves || (kernel && parts_begin(addr, bytes, size)))
		end_piece(piece);
	parts_at(insn, addr, bytes, size);
	if (leaves)
		parts_leave(insn);
	add_insn(piece, insn, addr, size, classes);
	if (leaves)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, translate.leave,
						       QEMU_PLUGIN_CB_NO_REGS,
						       (void *)counts_block(&piece->code));
	piece->stays = translate.target->stays && translate.target->stays(bytes, size);
	if (translate.each || classes & (1U << INSN_LOAD | 1U << INSN_STORE))
		end_piece(piece);
}

/*
 * An x86 instruction that crosses into the next page ends a block: it is translated again, as the
 * first one of the next. QEMU before 8.1 shows it to plugins in both, cut at the page's end in the
 * first, where what is counted at it is never executed. So it must not be in a piece with others.
 */
static bool may_be_put_off(uint64_t addr, bool last)
{
	return last && translate.target->longest && addr % PAGE + translate.target->longest > PAGE;
}

/* The instruction's bytes; returns how many. */
static size_t insn_bytes(struct qemu_plugin_insn *insn, uint8_t bytes[INSN_BYTES])
{
	size_t size = qemu_plugin_insn_size(insn);

	size = size < INSN_BYTES ? size : INSN_BYTES;
	api_insn_bytes(insn, bytes, size);
	return size;
}

void translate_block(struct qemu_plugin_tb *tb)
{
	size_t nr = qemu_plugin_tb_n_insns(tb), i, size;
	struct qemu_plugin_insn *insn;
	struct piece piece = {0};
	uint8_t bytes[INSN_BYTES];
	uint64_t addr;
	int marker;

	if (translate.counting)
		parts_first(qemu_plugin_tb_get_insn(tb, 0),
			    qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0)));
	if (translate.turn && !translate.counting)
		call_at(&piece, qemu_plugin_tb_get_insn(tb, 0), translate.turn, nr);
	for (i = 0; i < nr; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		addr = qemu_plugin_insn_vaddr(insn);
		size = insn_bytes(insn, bytes);
		if (may_be_put_off(addr, i + 1 == nr))
			end_piece(&piece);
		marker = addr & KERNEL ? -1 : translate.target->marker(bytes, size);
		if (marker >= 0)
			call_at(&piece, insn, translate.marker, (uintptr_t)marker);
		else if (translate.counting)
			count_insn(&piece, insn, addr, bytes, size);
	}
	follow_exclusive(&piece, NULL, 0, NULL, 0);
	end_piece(&piece);
}
