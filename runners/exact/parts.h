/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the plugin looks at beside counts: parts, of which those do something that its arguments
 * ask for.
 */
#ifndef RUNNERS_EXACT_PARTS_H
#define RUNNERS_EXACT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "runners/exact/counts.h"
#include "runners/exact/insn/target.h"
#include "runners/exact/qemu_api.h"

/* Takes in an argument, "lines=1" or the like; false if it is none, or is wrong. */
bool parts_take(const char *argument, const struct target *target);

/* Whether one of them reads the guest's registers. */
bool parts_read_registers(void);

/* A run begins; an operation does, which may be the first of its iteration, or has ended. */
void parts_run(void);
void parts_start(bool first);
void parts_stop(void);

/* All operations of an iteration have ended. */
void parts_sample(void);

/* Whether what follows is the operation's own: an interrupt, in the middle of one, is not. */
void parts_own(bool own);

/* Prints what parts say of the run that ends: ",\"name\":..." each. */
void parts_print(FILE *out);

/* A translation begins, with that instruction. */
void parts_first(struct qemu_plugin_insn *insn, uint64_t addr);

/* An instruction is translated. */
void parts_at(struct qemu_plugin_insn *insn, uint64_t addr, const uint8_t *bytes, size_t size);

/* The same one leaves the kernel. */
void parts_leave(struct qemu_plugin_insn *insn);

/* Whether a block has to begin with one of the kernel's; a block that is executed. */
bool parts_begin(uint64_t addr, const uint8_t *bytes, size_t size);
void parts_block(struct qemu_plugin_insn *first, const struct code *code);

#endif
