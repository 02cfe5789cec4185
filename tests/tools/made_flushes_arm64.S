/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program for a bare arm64 machine (qemu -M virt) of one CPU whose ops forget translations by
 * their addresses and touch 16 pages then, each once; the test model_flushes knows what a model of
 * TLBs has to miss. The code of the ops is in the upper half of addresses, as a kernel's is, and so
 * are the pages that are HIGH above others. Registers are made just before what names addresses by
 * them, and are others just behind it; they come from the program's own page. MARKER is the immediate of the first marker (common/marker.h).
 */
	.arch	armv8.4-a
#define PAGES 16
#define PAGE  4096
#define DATA  0x40800000 /* the first page */

/* What a range has beside its first page's number: 4 KiB, SCALE, NUM (DDI 0487, "TLBI RVAE1"). */
#define RANGE(scale, num) (1 << 46 | (scale) << 44 | (num) << 39)

#include "made_high.S"

	.macro	op function
	hint	#(MARKER + 1)
	high	\function
	hint	#(MARKER + 2)
	hint	#(MARKER + 4)
	.endm

	/* x1 = \where + page \n's number, as TLBI takes it, with an ASID of 7 */
	.macro	number n, where=DATA
	ldr	x1, =((\where) + \n * PAGE) >> 12 & 0xfffffffffff | 7 << 48
	.endm

	.macro	range n, more
	ldr	x1, =(DATA + \n * PAGE) >> 12 | \more
	.endm

	.global _start
_start:
	adr	x0, table
	ldr	x1, =0x701
	str	x1, [x0]
	ldr	x1, =0x40000701
	str	x1, [x0, #8]
	map
	hint	#(MARKER)
	/* Counting begins soon. */
	mov	x2, #20000
1:	subs	x2, x2, #1
	b.ne	1b
	high	touch
	op	touch
	op	all
	op	last_level
	op	beside
	op	any_space
	op	in_turn
	op	ranges
	op	long_range
	op	touch_high
	op	touch_high
	op	flush_high
	op	flush_zero
	op	touch
	hint	#(MARKER + 3)
	ldr	x0, =0x84000008		/* PSCI: SYSTEM_OFF */
	hvc	#0
	b	.
	.ltorg

	.balign	64
touch:
	ldr	x5, =DATA
2:	mov	x6, #PAGES
3:	ldr	x7, [x5]
	add	x5, x5, #PAGE
	subs	x6, x6, #1
	b.ne	3b
	ret

touch_high:
	ldr	x5, =DATA + HIGH
	b	2b

	/* Each page, and the table they are in */
all:
	number	0
	mov	x6, #PAGES
4:	add	x8, x1, #0
	tlbi	vae1is, x8
	mov	x8, #0
	add	x1, x1, #1
	subs	x6, x6, #1
	b.ne	4b
	b	touch

	/* Three pages, not the table */
last_level:
	number	3
	tlbi	vale1is, x1
	number	4
	tlbi	vale1, x1
	number	15
	tlbi	vale1is, x1
	mov	x1, #0
	b	touch

	/* Pages that are not touched, and one that is nobody's: the table is forgotten as well, and not missed. */
beside:
	number	16
	tlbi	vae1is, x1
	number	-1
	tlbi	vale1is, x1
	number	0, DATA + HIGH
	tlbi	vale1is, x1
	b	touch

any_space:
	number	7
	tlbi	vaae1is, x1
	mov	x1, #0
	b	touch

	/* As for a kernel and a user, one behind the other */
in_turn:
	number	1
	tlbi	vale1is, x1
	tlbi	vale1is, x1
	add	x1, x1, #1
	tlbi	vaale1, x1
	b	touch

	/* 4 pages from page 2 on, and 2 from page 12 on */
ranges:
	range	2, RANGE(0, 1)
	.inst	0xd50882a1		/* tlbi rvale1is, x1 */
	range	12, RANGE(0, 0)
	.inst	0xd50886e1		/* tlbi rvaale1, x1 */
	mov	x1, #0
	b	touch

	/* 64 pages, and the table */
long_range:
	range	0, RANGE(1, 0)
	.inst	0xd5088221		/* tlbi rvae1is, x1 */
	mov	x1, #0
	b	touch

flush_high:
	number	5, DATA + HIGH
	tlbi	vaale1is, x1
	number	6, DATA + HIGH
	tlbi	vale1is, x1
	b	touch_high

	/* Page 0, by no register */
flush_zero:
	tlbi	vae1is, xzr
	b	touch_high
	.ltorg

	.balign	4096
table:
	.skip	4096
