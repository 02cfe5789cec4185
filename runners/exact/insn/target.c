// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/insn/target.h"

#include <string.h>

#include "common/marker.h"
#include "runners/exact/insn/decode.h"

#define ERET	  0xd69f03e0
#define XAPIC_ICR 0x300 /* Intel SDM, volume 3, "Interrupt command register" */

static uint32_t word(const uint8_t *bytes)
{
	uint32_t insn;

	memcpy(&insn, bytes, sizeof(insn));
	return insn;
}

static int find_arm64(const uint8_t *bytes, size_t size)
{
	(void)size;
	return marker_arm64(word(bytes));
}

static uint32_t classes_arm64(const uint8_t *bytes, size_t size)
{
	(void)size;
	return decode_arm64(word(bytes));
}

/*
 * The store exclusive says in a register (bits 20 to 16) whether it failed, and CBNZ branches if
 * that is not 0: 19 bits, signed, in words (DDI 0487, C6.2.45).
 */
static bool retries_arm64(uint64_t addr, const uint8_t *bytes, const uint8_t *store, uint64_t *ret)
{
	uint32_t insn = word(bytes);

	*ret = addr + (uint64_t)((int64_t)(int32_t)(insn << 8 & 0xffffe000) >> 11);
	return (insn & 0x7f000000) == 0x35000000 && (insn & 31) == (word(store) >> 16 & 31);
}

static bool is_eret(const uint8_t *bytes, size_t size)
{
	(void)size;
	return word(bytes) == ERET;
}

static bool is_iretq(const uint8_t *bytes, size_t size)
{
	return size == 2 && bytes[0] == 0x48 && bytes[1] == 0xcf;
}

/* PUSH of an immediate, of 32 bits: where IRETQ goes on, which is behind it. */
static bool is_push(const uint8_t *bytes, size_t size)
{
	return size == 5 && bytes[0] == 0x68;
}

/* As GDB numbers them (QEMU's gdb-xml/aarch64-core.xml, i386-64bit.xml). */
static const char *const registers_arm64[] = {"x0",  "x1",  "x2",  "x3",  "x4",	 "x5",	"x6",
					      "x7",  "x8",  "x9",  "x10", "x11", "x12", "x13",
					      "x14", "x15", "x16", "x17", "x18", "x19", "x20",
					      "x21", "x22", "x23", "x24", "x25", "x26", "x27",
					      "x28", "x29", "x30", NULL};
static const char *const registers_x86[] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi",
					    "rbp", "rsp", "r8",	 "r9",	"r10", "r11",
					    "r12", "r13", "r14", "r15", NULL};

static const struct target targets[] = {
	{"aarch64", find_arm64, classes_arm64, is_eret, NULL, flow_arm64, tlb_arm64,
	 registers_arm64, 0, retries_arm64, 0},
	{"x86_64", marker_x86, decode_x86, is_iretq, is_push, flow_x86, tlb_x86, registers_x86,
	 XAPIC_ICR, NULL, 15},
};

const struct target *target_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (!strcmp(name, targets[i].name))
			return &targets[i];
	return NULL;
}
