/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program for a bare arm64 machine (qemu -M virt) whose calls are known; the test
 * exact_calls_arm64 has them followed. The functions are where a kernel's are, in the upper half of
 * addresses; what marks the op is below, as user space is. Interrupts and exceptions are both taken
 * by SVC: which they are is a matter of what the plugin is told of the two tables of vectors. MARKER
 * is the immediate of the first marker (common/marker.h).
 */
#include "made_high.S"

	.global _start
_start:
	/* The GiB of memory, at 0x40000000. */
	adr	x0, table
	ldr	x1, =0x40000701
	str	x1, [x0, #8]
	map
	adr	x1, stack
	orr	x1, x1, x28
	mov	sp, x1
	hint	#(MARKER)
	/* Counting begins soon. */
	mov	x1, #1000
1:	subs	x1, x1, #1
	b.ne	1b
	mov	x27, #2
2:	adr	x26, interrupts
	orr	x26, x26, x28
	adr	x25, exceptions
	orr	x25, x25, x28
	msr	vbar_el1, x26
	isb
	hint	#(MARKER + 1)
	high	main
	hint	#(MARKER + 2)
	hint	#(MARKER + 4)
	subs	x27, x27, #1
	b.ne	2b
	hint	#(MARKER + 3)
	ldr	x0, =0x84000008		/* PSCI: SYSTEM_OFF */
	hvc	#0
	b	.
	.ltorg

	.balign	2048
interrupts:
	.skip	0x200
	/* 5 instructions, and 1 in leaf */
	stp	x29, x30, [sp, #-16]!
	bl	leaf
	ldp	x29, x30, [sp], #16
	nop
	eret

	.balign	2048
exceptions:
	.skip	0x200
	/* 6 instructions */
	mrs	x20, elr_el1
	mrs	x21, spsr_el1
	nop
	msr	elr_el1, x20
	msr	spsr_el1, x21
	eret

	.balign	64
	/* 18 instructions: 3 calls, a loop of two turns behind one, another table of vectors */
main:
	stp	x29, x30, [sp, #-16]!
	mov	x0, #3
	bl	recursive
	bl	jumps
	mov	x1, #2
3:	subs	x1, x1, #1
	b.ne	3b
	adr	x3, leaf
	blr	x3
	svc	#1
	msr	vbar_el1, x25
	isb
	svc	#2
	ldp	x29, x30, [sp], #16
	nop
	ret

	/* For 3, 2, 1: 6 instructions each; for 0, 4: it jumps to what follows its own call. */
	.balign	64
recursive:
	stp	x29, x30, [sp, #-16]!
	cbz	x0, 4f
	sub	x0, x0, #1
	bl	recursive
4:	ldp	x29, x30, [sp], #16
	ret

	/* 2 instructions; target has 4: it calls leaf, and returns to main. */
	.balign	64
jumps:
	nop
	b	target

	.balign	64
target:
	mov	x22, x30
	bl	leaf
	mov	x30, x22
	ret

	.balign	64
leaf:
	ret

	.balign	4096
table:
	.skip	4096
	.skip	4096
stack:
