/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program for a bare x86-64 machine (qemu -M microvm) whose ops forget translations by their
 * addresses and touch 16 pages then, each once; the test model_flushes knows what a model of TLBs
 * has to miss. What marks the ops is below, as user space is, and they are called above, where a
 * kernel is. Registers are made just before INVLPG, and are others just behind it. The machine ends
 * by a triple fault (-no-reboot). MARKER is the displacement of the first marker (common/marker.h), TEXT
 * where the program is in memory.
 */
#define HIGH  -0x80000000
#define PAGES 16
#define PAGE  4096
#define DATA  0x800000 /* the first page */
#define LAST_GIB 0

#include "made_long.S"

	.macro	op function
	marker	1
	mov	$\function + HIGH, %rax
	call	*%rax
	marker	2
	marker	4
	.endm

	long_mode
	mov	%eax, %ds
	mov	$stack, %rsp
	marker	0
	/* Counting begins soon. */
	mov	$1000, %ecx
1:	dec	%ecx
	jnz	1b
	mov	$touch + HIGH, %rax
	call	*%rax
	op	touch
	op	all
	op	operands
	op	beside
	op	touch_high
	op	touch_high
	op	flush_high
	op	elsewhere
	op	touch
	marker	3
	lidt	nothing
	ud2

	.balign	64
touch:
	mov	$DATA, %ebx
2:	mov	$PAGES, %ecx
3:	mov	(%rbx), %rax
	add	$PAGE, %rbx
	dec	%ecx
	jnz	3b
	ret

touch_high:
	mov	$DATA + HIGH, %rbx
	jmp	2b

all:
	mov	$DATA, %edx
	mov	$PAGES, %ecx
4:	lea	(%rdx), %rax
	invlpg	(%rax)
	xor	%eax, %eax
	add	$PAGE, %edx
	dec	%ecx
	jnz	4b
	jmp	touch

	/* 8 pages, each by another operand */
operands:
	mov	$DATA, %r13d
	invlpg	(%r13)
	mov	$DATA + PAGE + 100, %r12d
	invlpg	-100(%r12)
	mov	$PAGE, %eax
	mov	$DATA, %esi
	invlpg	PAGE(%rsi, %rax, 1)
	mov	$PAGE / 4, %r9d
	mov	$DATA + PAGE, %edi
	invlpg	PAGE(%rdi, %r9, 4)
	mov	$DATA / 8, %r14d
	invlpg	4 * PAGE(, %r14, 8)
	invlpg	DATA + 5 * PAGE
	xor	%eax, %eax
	mov	$DATA, %ebp
	invlpg	0x7001(%rbp, %rax, 2)
	mov	$DATA + 8 * PAGE, %edx
	invlpg	8(%rdx)
	xor	%edx, %edx
	jmp	touch

	/* No page that is touched; the processor forgets its tables all the same. */
beside:
	mov	$DATA, %eax
	invlpg	PAGES * PAGE(%rax)
	invlpg	-1(%rax)
	mov	$DATA + HIGH, %rax
	invlpg	(%rax)
	jmp	touch

flush_high:
	mov	$DATA + HIGH, %rdx
	invlpg	3 * PAGE(%rdx)
	invlpg	4 * PAGE - 1(%rdx)
	invlpg	4 * PAGE(%rdx)
	invlpg	base - TEXT + DATA + 9 * PAGE(%rip)
	jmp	touch_high

	/* By a segment, whose base is not known: everything, the stack as well */
elsewhere:
	mov	$DATA, %eax
	invlpg	%gs:(%rax)
	jmp	touch_high

	.balign	4096
	/* The first GiB, in both halves; a page a GiB. */
	halves
nothing:
	.word	0
	.quad	0

	.balign	16
	.skip	4096
stack:
