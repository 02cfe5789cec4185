/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls of the kernel's functions, as QEMU executes them (stack.h has what becomes of them).
 */
#ifndef RUNNERS_EXACT_CALLS_H
#define RUNNERS_EXACT_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "runners/exact/counts.h"
#include "runners/exact/insn/target.h"
#include "runners/exact/qemu_api.h"

/* What instructions are, and where functions begin (function_at.h). False if there are none. */
bool calls_know(const struct target *target, int fd);

/* Whether a block has to begin with that instruction; then, what it does when it is executed. */
bool calls_begin(uint64_t addr, const uint8_t *bytes, size_t size);
void calls_at(struct qemu_plugin_insn *insn, uint64_t addr, const uint8_t *bytes, size_t size);

/* That instruction leaves the kernel. */
void calls_leave(struct qemu_plugin_insn *insn);

/* Has a block looked at whenever the instruction, its first, is executed. */
void calls_block(struct qemu_plugin_insn *insn, const struct code *code);

/* As struct part of plugin.c has them. */
void calls_run(void);
void calls_start(void);
void calls_own(bool own);
void calls_stop(void);
void calls_print(FILE *out);

#endif
