/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Marks in the instruction stream, always compiled in, which an emulator's plugin recognises: on
 * hardware they do nothing. arm64: HINTs that the architecture leaves unallocated, which execute as
 * NOP (ARM DDI 0487, C6.2 "HINT"). x86-64: the 7-byte NOP with a displacement of ours.
 */
#ifndef COMMON_MARKER_H
#define COMMON_MARKER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Numbers, not enumerators, for they become text. */
#define MARKER_RUN    0 /* iterations that are samples begin */
#define MARKER_START  1 /* an op begins */
#define MARKER_STOP   2 /* it has ended */
#define MARKER_END    3 /* a run is over, however it ended: its record follows */
#define MARKER_SAMPLE 4 /* all ops of an iteration have ended */
#define NR_MARKERS    5

#define MARKER_HINT 112	       /* arm64: its immediate, of the first marker */
#define MARKER_DISP 0x46421000 /* x86-64: the displacement, of the first marker */

#define MARKER_TEXT_(x) #x
#define MARKER_TEXT(x)	MARKER_TEXT_(x)

/* A memory clobber: no access moves across.
 */
#if defined(__aarch64__)
#define MARKER(which) \
	__asm__ volatile("hint #(" MARKER_TEXT(MARKER_HINT) " + %c0)" ::"i"(which) : "memory")
#elif defined(__x86_64__)
#define MARKER(which)                                                                           \
	__asm__ volatile(                                                                       \
		".byte 0x0f, 0x1f, 0x80; .long " MARKER_TEXT(MARKER_DISP) " + %c0" ::"i"(which) \
		: "memory")
#else
#define MARKER(which) __asm__ volatile("" ::: "memory")
#endif

/* The marker an instruction of arm64 is, or -1. */
static inline int marker_arm64(uint32_t insn)
{
	uint32_t which = (insn >> 5 & 127) - MARKER_HINT;

	return (insn & ~(127u << 5)) == 0xd503201f && which < NR_MARKERS ? (int)which : -1;
}

/* The same for size bytes of x86-64. */
static inline int marker_x86(const uint8_t *bytes, size_t size)
{
	static const uint8_t nop[] = {0x0f, 0x1f, 0x80};
	uint32_t disp;

	if (size != 7 || memcmp(bytes, nop, sizeof(nop)))
		return -1;
	memcpy(&disp, bytes + 3, sizeof(disp));
	return disp - MARKER_DISP < NR_MARKERS ? (int)(disp - MARKER_DISP) : -1;
}

#endif
