/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program for a bare x86-64 machine (qemu -M microvm) whose calls are known; the test exact_calls_x86
 * has them followed. It is in one piece, below, where what marks the op is, as user space is, and
 * above, where functions are called: a kernel's addresses. The machine ends by a triple fault
 * (-no-reboot). MARKER is the displacement of the first marker (common/marker.h), TEXT where the
 * program is in memory. The comments have the instructions of a function, for each time.
 */
#define HIGH -0x80000000
#define APIC 0xfffffffffee00000 /* its page, in the last GiB */

/* Offsets in it (Intel SDM, volume 3, "Local APIC register address map"), and an IPI to itself. */
#define TASK_PRIORITY 0x80
#define EOI	      0xb0
#define SPURIOUS      0xf0
#define COMMAND	      0x300
#define TO_ITSELF     0x44000

/* Where nothing is until it is touched: two GiB, pages 1 and 2 of the upper half's table. */
#define HOLE_1 0xffffff8040000000
#define HOLE_2 0xffffff8080000000
#define LAST_GIB 0xc0000083 /* the APIC's: a page of a GiB */

#include "made_long.S"

	long_mode
	mov	$stack + HIGH, %rsp
	lidt	vectors_at
	/* No interrupts but its own. */
	mov	$0xff, %al
	out	%al, $0x21
	out	%al, $0xa1
	movl	$0x1ff, APIC + SPURIOUS
	movl	$0, APIC + TASK_PRIORITY
	marker	0
	/* Counting begins soon. */
	mov	$1000, %ecx
1:	dec	%ecx
	jnz	1b
	mov	$2, %ebx
2:	movq	$0, table + 8
	movq	$0, table + 16
	mov	%cr3, %rax
	mov	%rax, %cr3
	marker	1
	mov	$main + HIGH, %rax
	call	*%rax
	ud2
	marker	2
	marker	4
	dec	%ebx
	jnz	2b
	marker	3
	lidt	nothing
	ud2

	.balign	64
	/* 35 */
main:
	mov	$3, %edi
	call	recursive
	call	jumps
	mov	$leaf + HIGH, %rax
	call	*%rax
	call	*pointer(%rip)
	/* By a thunk, as the compiler pads such a call, and a jump by one. */
	mov	$target + HIGH, %rax
	.byte	0x2e
	call	old_thunk
	call	jumps_by_thunk
	/* By thunks to return by, one of which calls what drops that, and then a jump. */
	call	jumps_back
	/* The processor's stack of returns is filled: addresses that are pushed by calls, and dropped. */
	call	fills
	/* Calls and jumps that are changed in between. */
	call	patched
	mov	$second - first, %esi
	call	pokes
	call	patched
	neg	%esi
	call	pokes
	/* Instructions that are in two pages. */
	call	falls
	call	late
	/* A loop of two turns. */
	mov	$2, %ecx
3:	dec	%ecx
	jnz	3b
	/* An interrupt, an exception, and again between this and that. */
	int	$0x31
	ud2
	call	arrives
	/* A fault at a function's first instruction, and one of a call. */
	mov	$HOLE_1, %rdx
	call	touches
	mov	$HOLE_2 + TEXT, %rdx
	add	$pointer - base, %rdx
	call	*(%rdx)
	nop
	ret

	/* For 3, 2, 1: 5; for 0: 3, it jumps to what follows its own call. */
	.balign	64
recursive:
	test	%edi, %edi
	jz	4f
	dec	%edi
	call	recursive
4:	ret

	/* 2, then target */
	.balign	64
jumps:
	xor	%eax, %eax
	jz	target

	/* 2 */
	.balign	64
target:
	call	leaf
	ret

	/* 2, then leaf */
	.balign	64
jumps_by_register:
	mov	$leaf + HIGH, %rax
	jmp	*%rax

	/* 2, then what jumps by a register, by the thunk */
	.balign	64
jumps_by_thunk:
	mov	$jumps_by_register + HIGH, %rax
	jmp	thunk

	/* 3: a call of a part of itself, whose return goes elsewhere; as kernels had it until 6.1 */
	.balign	64
old_thunk:
	call	6f
5:	pause
	lfence
	jmp	5b
6:	mov	%rax, (%rsp)
	ret

	/* 3, then the thunk to return by, which goes elsewhere as well */
	.balign	64
thunk:
	call	6f
	int3
6:	mov	%rax, (%rsp)
	jmp	safe_thunk

	/* 1: as kernels return that return by a thunk */
	.balign	64
return_thunk:
	ret
	int3

	/* 2, then leaf */
	.balign	64
jumps_back:
	call	returns_safely
	jmp	leaf

	/* 3, then the thunk; what it drops is its own */
	.balign	64
returns_safely:
	push	%rax
	add	$8, %rsp
	jmp	safe_thunk

	/* 1 */
	.balign	64
safe_thunk:
	call	safe_return
	ud2

	/* 2: back to who called what jumped to the thunk */
	.balign	64
safe_return:
	lea	8(%rsp), %rsp
	ret

	/* 6 */
	.balign	64
fills:
	push	%rax
	call	7f
	int3
7:	call	8f
	int3
8:	add	$16, %rsp
	pop	%rax
	ret

	/* 2 */
	.balign	64
patched:
.Lsite:	call	first
	jmp	trampoline

	/* 1 */
	.balign	64
trampoline:
	.byte	0xe9			/* JMP, of 32 bits */
	.long	first - . - 4

	/* 1 */
	.balign	64
first:
	ret

	/* 2, then the thunk */
	.balign	64
second:
	nop
	jmp	return_thunk

	/* 3 */
	.balign	64
pokes:
	add	%esi, .Lsite + 1(%rip)
	add	%esi, trampoline + 1(%rip)
	ret

	/* 12: interrupts between a call and the function, an exception's end and what follows, likewise a return's */
	.balign	64
arrives:
	cli
	movl	$TO_ITSELF | 0x40, APIC + COMMAND
	movl	$TO_ITSELF | 0x50, APIC + COMMAND
	sti
	call	leaf
	cli
	movl	$TO_ITSELF | 0x40, APIC + COMMAND
	sti
	ud2
	cli
	movl	$TO_ITSELF | 0x40, APIC + COMMAND
	sti
	ret

	/* 2, and the first again */
	.balign	64
touches:
	mov	(%rdx), %eax
	ret

	/* 1 */
	.balign	64
leaf:
	ret

	/* 10: an end of an interrupt that ends none, as kernels serialise the processor after they have changed code */
	.balign	64
serialises:
	mov	%ss, %eax
	push	%rax
	push	%rsp
	addq	$8, (%rsp)
	pushfq
	mov	%cs, %eax
	push	%rax
	push	$9f + HIGH
	iretq
9:	ret

	/* Of interrupts: 2, then common */
	.balign	64
stubs:
	push	$0x30
	jmp	common
	.balign	8
	push	$0x31
	jmp	common
	.balign	8

	/* 5 */
common:
	push	%rax
	call	serialises
	pop	%rax
	add	$8, %rsp
	iretq

	/* 4 */
	.balign	64
sysvec:
	push	%rax
	call	works
	pop	%rax
	iretq

	/* 3: an exception in the middle of an interrupt, then leaf */
	.balign	64
works:
	movl	$0, APIC + EOI
	ud2
	jmp	leaf

	/* 5: an invalid opcode, of two bytes */
	.balign	64
exceptions:
	push	%rax
	call	serialises
	addq	$2, 8(%rsp)
	pop	%rax
	iretq

	/* 1, and goes on as the next, which is 2: a call that is in two pages */
	.org	base + 0x0ffd
falls:
	nop
crosses:
	call	leaf
	ret

	/* 2: a return that is */
	.org	base + 0x1ffe
late:
	nop
	repz ret

	/* 7: a fault, by which a GiB is mapped; its last instruction is in two pages */
	.org	base + 0x2fe5
faulted:
	push	%rax
	mov	%cr2, %rax
	shr	$27, %eax
	and	$0x18, %eax
	movq	$0x83, table + HIGH(%rax)
	pop	%rax
	.org	base + 0x2ffb
	add	$8, %rsp
	iretq

	.balign	4096
	/* The first GiB, in both halves, and the APIC's; a page a GiB. */
	halves

	.macro	gate vector function
	.org	vectors + 16 * \vector
	.word	\function - base, 8, 0x8e00, (HIGH + TEXT) >> 16 & 0xffff
	.long	-1, 0
	.endm
	.balign	16
vectors:
	gate	6, exceptions
	gate	14, faulted
	gate	0x31, stubs + 8
	gate	0x40, sysvec
	gate	0x50, sysvec
vectors_at:
	.word	. - vectors - 1
	.quad	vectors + HIGH
nothing:
	.word	0
	.quad	0
pointer:
	.quad	leaf + HIGH

	.balign	16
	.skip	4096
stack:
