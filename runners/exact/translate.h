/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What QEMU translates, taken to pieces that are counted, and those who are to be called.
 *
 * A block is the longest piece of a translation of which only the last instruction can leave it
 * before its end: one that accesses memory, and may fault. So counting blocks as they begin counts
 * the same instructions as counting each of them, at a fraction of the cost. That it does is tested
 * with FAULTBENCH_EACH_INSN in the environment, which makes each instruction a block.
 */
#ifndef RUNNERS_EXACT_TRANSLATE_H
#define RUNNERS_EXACT_TRANSLATE_H

#include <stdbool.h>

#include "runners/exact/insn/target.h"
#include "runners/exact/qemu_api.h"

struct translate {
	const struct target *target;
	bool counting; /* else only markers are looked for */
	bool each;     /* instruction is a block */

	/* Called before an instruction is executed, with a number: */
	qemu_plugin_vcpu_udata_cb_t marker; /* a marker of common/marker.h, which */
	qemu_plugin_vcpu_udata_cb_t entry;  /* where the kernel is entered, an enum entry_kind */
	qemu_plugin_vcpu_udata_cb_t leave;  /* what leaves it, the block that it is */
	/* Where nothing is counted, before so many instructions; NULL: nobody is called. */
	qemu_plugin_vcpu_udata_cb_t turn;
	/* A store exclusive, with its struct retry or NULL; NULL: nobody is called. */
	qemu_plugin_vcpu_udata_cb_t exclusive;
	/* Of accesses where it switches tasks, and of all its stores that may be to a device that
	 * sends interrupts; NULL: of none. */
	qemu_plugin_vcpu_mem_cb_t switching, sending;
};

extern struct translate translate;

void translate_block(struct qemu_plugin_tb *tb);

#endif
