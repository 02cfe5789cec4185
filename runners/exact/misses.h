/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A model of the caches and TLBs of a CPU, fed with all that the guest reads and writes from the
 * first run on, in operations or not; counted is what misses in the kernel's accesses of an
 * operation. Nothing of it is measured.
 */
#ifndef RUNNERS_EXACT_MISSES_H
#define RUNNERS_EXACT_MISSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "runners/exact/insn/target.h"
#include "runners/exact/qemu_api.h"

/* Makes the model of this text (common/caches/model.h). False if it is none, or without memory. */
bool misses_init(const char *geometry, const struct target *target);

/* A piece of code is translated that begins with the instruction. */
void misses_first(struct qemu_plugin_insn *insn, uint64_t addr);

/* Has the instruction's accesses, and what it does to TLBs, taken into the model whenever it is
 * executed. */
void misses_at(struct qemu_plugin_insn *insn, uint64_t addr, const uint8_t *bytes, size_t size);

/* As in runners/exact/touched.h. */
void misses_run(void);
void misses_start(void);
void misses_own(bool own);
void misses_stop(void);

/* Prints the iterations, an array of each: accesses to lines, and the misses of each level
 * (common/caches/model.h). */
void misses_print(FILE *out);

#endif
