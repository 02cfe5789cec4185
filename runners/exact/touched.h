/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which lines of memory, LINE bytes each and by their physical addresses, the kernel reads and
 * writes in an operation, and which of its instructions is the first to touch each.
 */
#ifndef RUNNERS_EXACT_TOUCHED_H
#define RUNNERS_EXACT_TOUCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "runners/exact/qemu_api.h"

#define LINE 64

/* Has the accesses of the instruction, size bytes long, looked at whenever it is executed. */
void touched_at(struct qemu_plugin_insn *insn, uint64_t addr, const uint8_t *bytes, size_t size);

/* An operation begins, and no line has been touched. */
void touched_start(void);

/* Whether accesses from now on are the operation's own. */
void touched_own(bool own);

/* It has ended: what it touched becomes one more of the run's iterations. */
void touched_stop(void);

/* A run begins, and none of its iterations has ended. */
void touched_run(void);

/*
 * Prints the iterations, an array of each: [[address of a page, address of an instruction, lines of
 * that page that the instruction was the first to touch, of these read, written, and accesses to
 * them, and of the last who touched them likewise the page's address and the instruction's], ...],
 * in the order of pages.
 */
void touched_print(FILE *out);

#endif
