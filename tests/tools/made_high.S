/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For programs on a bare arm64 machine (qemu -M virt), included: the same table, of their own,
 * translates both halves of addresses, so that code can be called where a kernel's is.
 */
#define HIGH 0xffffff8000000000

	/* Translation on, by the table of a GiB an entry; x28: what is added to an address. */
	.macro	map
	adr	x0, table
	msr	ttbr0_el1, x0
	msr	ttbr1_el1, x0
	ldr	x1, =0x180190019
	msr	tcr_el1, x1
	mov	x1, #0xff
	msr	mair_el1, x1
	isb
	mrs	x1, sctlr_el1
	orr	x1, x1, #1
	msr	sctlr_el1, x1
	isb
	ldr	x28, =HIGH
	.endm

	/* high FUNCTION: calls it there */
	.macro	high function
	adr	x2, \function
	orr	x2, x2, x28
	blr	x2
	.endm
