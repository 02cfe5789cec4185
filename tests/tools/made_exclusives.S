/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program for a bare arm64 machine of two CPUs (qemu -M virt) that add 1 to one word in turn, by
 * exclusives, COUNT times each; each counts for itself how often its store failed, and the sum goes
 * to the serial port, 8 hexadecimal digits, at the end. Then one of them stores ODD times with
 * something between the store and the branch, so that a plugin is not to know. The code of the op
 * is in the upper half of addresses, as a kernel's is. MARKER is the immediate of the first marker
 * (common/marker.h).
 */
#define UART  0x09000000
#define COUNT 4000
#define ODD   5

#include "made_high.S"

	/* Of both CPUs: memory, and the serial port. */
	.macro	map_words
	map
	adr	x1, word
	adr	x5, sums
	.endm

	.global _start
_start:
	adr	x0, table
	ldr	x1, =0x701
	str	x1, [x0]
	ldr	x1, =0x40000701
	str	x1, [x0, #8]
	ldr	x0, =0xc4000003		/* PSCI: CPU_ON */
	mov	x1, #1
	adr	x2, second
	mov	x3, #0
	hvc	#0
	map_words
	hint	#(MARKER)
	/* Counting begins soon; then the other may begin. */
	mov	x2, #20000
1:	subs	x2, x2, #1
	b.ne	1b
	hint	#(MARKER + 1)
	mov	w2, #1
	str	w2, [x5, #8]
	high	work
	high	odd
	hint	#(MARKER + 2)
	str	w4, [x5]
2:	yield
	ldr	w3, [x5, #12]
	cbz	w3, 2b
	hint	#(MARKER + 4)
	hint	#(MARKER + 3)
	ldr	w3, [x5]
	ldr	w4, [x5, #4]
	add	w3, w3, w4
	ldr	x6, =UART
	mov	x7, #8
3:	ror	w3, w3, #28
	and	w4, w3, #15
	cmp	w4, #10
	add	w2, w4, #'0'
	add	w4, w4, #('a' - 10)
	csel	w4, w2, w4, lo
	str	w4, [x6]
	subs	x7, x7, #1
	b.ne	3b
	ldr	x0, =0x84000008		/* PSCI: SYSTEM_OFF */
	hvc	#0
	b	.

second:
	map_words
4:	yield
	ldr	w2, [x5, #8]
	cbz	w2, 4b
	hint	#(MARKER + 1)
	high	work
	hint	#(MARKER + 2)
	str	w4, [x5, #4]
	mov	w2, #1
	str	w2, [x5, #12]
5:	wfi
	b	5b
	.ltorg

	/* x4: how often it failed */
	.balign	64
work:
	mov	x4, #0
	mov	x0, #COUNT
6:	ldxr	w2, [x1]
	add	w2, w2, #1
	cbnz	wzr, 7f			/* QEMU ends a block here: a turn may end in between */
	stxr	w3, w2, [x1]
	cbnz	w3, 7f
	subs	x0, x0, #1
	b.ne	6b
	ret
7:	add	x4, x4, #1
	b	6b

	.balign	64
odd:
	mov	x0, #ODD
	add	x6, x1, #64
8:	ldxr	w2, [x6]
	stxr	w3, w2, [x6]
	nop
	cbnz	w3, 8b
	subs	x0, x0, #1
	b.ne	8b
	ret

	.balign	4096
table:
	.skip	4096
word:
	.skip	128
sums:
	.skip	64
