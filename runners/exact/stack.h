/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who called whom, and what was executed where, in the operations of a run: a tree of calls, in
 * which each path has a node, and the stack of calls that are under way. What happens is told as it
 * happens, and first what was executed before it. Functions are numbers; 0 is none that is known.
 * There is one guest, so no handle.
 *
 * Interrupts have a tree and a stack of their own. Exceptions that the kernel takes in the middle
 * of a function are called by it. A function that jumps to another calls it, and will not be
 * returned to; if functions jump to each other in turn, the path does not get longer.
 */
#ifndef RUNNERS_EXACT_STACK_H
#define RUNNERS_EXACT_STACK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Paths that a run can have; what is called beyond is its caller's own, and is counted as "cut". */
#define STACK_NODES 65536

/* A run begins: there are no paths. An operation begins, in user space. */
void stack_run(void);
void stack_start(void);

/* So many instructions of the kernel were executed by the function that is on top. */
void stack_ran(uint64_t insns);

/* User space was executed: no call is under way. */
void stack_user(void);

/* The function on top called this one; or it was reached otherwise: by a jump, from user space. */
void stack_called(uint32_t function);
void stack_reached(uint32_t function);

/* It has just begun, and drops where to return to: its caller is not returned to. */
void stack_drop_caller(void);

/* It called a part of itself, which returns or is dropped; no other path. */
void stack_inner(void);

/* Of such calls, the last so many are dropped. */
void stack_drop_inner(uint64_t calls);

/* What is executed is part of the function. If that is not on top, a jump or a return was missed:
 * counted as "odd". */
void stack_in(uint32_t function);

/* The function on top returns. */
void stack_return(void);

/*
 * The kernel is entered, where function is, and left for what was going on before. What is kept
 * with the one is what the other returns; false if it is not known to have been entered.
 */
void stack_enter(uint32_t function, uint64_t keep);
bool stack_leave(uint64_t *ret_kept);

/* An interrupt begins, or has ended. */
void stack_interrupt(bool begins);

/*
 * Prints {"op": [[parent, address, insns, calls], ...], "interrupts": likewise, "cut", "odd"}: a
 * node for each path, whose parent is the number of one before it, or -1; address is what it makes
 * of a function, insns are those executed in it itself.
 */
void stack_print(FILE *out, uint64_t (*address)(uint32_t function));

#endif
