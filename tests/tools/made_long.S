/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What programs for a bare x86-64 machine (qemu -M microvm) begin with, and the tables that they
 * have: the first GiB of memory in both halves of addresses, and what is at LAST_GIB in the last one of
 * the upper half (an entry; 0: nothing).
 */
	.macro	marker which
	.byte	0x0f, 0x1f, 0x80
	.long	MARKER + \which
	.endm

	.macro	long_mode
	/* How QEMU finds where to begin, in 32 bits without paging: Xen's PVH. */
	.section .note.pvh, "a", @note
	.balign	4
	.long	4, 8, 18
	.asciz	"Xen"
	.quad	_start

	.text
base:
	.code32
	.global	_start
_start:
	lgdt	segments_at
	mov	$top_table, %eax
	mov	%eax, %cr3
	mov	$0x20, %eax		/* PAE */
	mov	%eax, %cr4
	mov	$0xc0000080, %ecx	/* EFER: LME */
	rdmsr
	or	$0x100, %eax
	wrmsr
	mov	$0x80000001, %eax	/* PG, PE */
	mov	%eax, %cr0
	ljmp	$8, $begin

	.code64
begin:
	mov	$16, %eax
	mov	%eax, %ss
	.endm

	.macro	halves
table:
	.quad	0x83
	.fill	509, 8, 0
	.quad	0x83
	.quad	LAST_GIB
top_table:
	.quad	table + 3
	.fill	510, 8, 0
	.quad	table + 3

segments:
	.quad	0
	.quad	0x00af9b000000ffff
	.quad	0x00cf93000000ffff
segments_at:
	.word	. - segments - 1
	.quad	segments
	.endm
