// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What instructions do to TLBs, and which addresses they name; how large the kernel's pages are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runners/exact/insn/target.h"
#include "runners/exact/model/mapped.h"

#define KERNEL_AT 0xffff000000000000ULL

static void test_mapped(void **state)
{
	struct page page;

	(void)state;
	assert_false(mapped_wide());
	assert_true(mapped_add("page 12"));
	assert_true(mapped_add("mapped fff0000000000000 fff0000000001000 12 g"));
	assert_true(mapped_wide());
	assert_true(mapped_add("mapped ffff000000200000 ffff000000600000 21 g"));
	assert_true(mapped_add("mapped ffff000001000000 ffff000001001000 12 o"));
	assert_false(mapped_add("mapped ffff000000200000 ffff000000600000 21 g"));
	assert_false(mapped_add("mapped ffff000002000000 ffff000001001000 12 o"));
	assert_false(mapped_add("mapped ffff000002000000 ffff000003001000 12 x"));
	assert_false(mapped_add("interrupt ffff800080010c80"));
	page = mapped_page(0xffff000000200000, 0);
	assert_int_equal(page.shift, 21);
	assert_int_equal(page.table, 30);
	assert_false(page.own);
	assert_int_equal(mapped_page(0xffff0000005fffff, 0).shift, 21);
	assert_int_equal(mapped_page(0xffff000000600000, 0).shift, 12);
	assert_true(mapped_page(0xffff000001000fff, 0).own);
	assert_false(mapped_page(0xffff000001001000, 0).own);
	assert_true(mapped_page(4096, 0).own);
}

static void test_effects(void **state)
{
	const struct target *arm = target_find("aarch64"), *x86 = target_find("x86_64");
	static const struct {
		bool arm;
		const char *bytes;
		size_t size;
		enum flush_scope pages, tables;
		bool kernel;
	} insns[] = {
		{true, "\x1f\x83\x08\xd5", 4, FLUSH_ALL, FLUSH_ALL, true},  /* tlbi vmalle1is */
		{true, "\x1f\x87\x08\xd5", 4, FLUSH_ALL, FLUSH_ALL, true},  /* tlbi vmalle1 */
		{true, "\x41\x83\x08\xd5", 4, FLUSH_OWN, FLUSH_OWN, false}, /* tlbi aside1is, x1 */
		/* tlbi vale1is, vaale1is, vae1is, rvae1is, rvaale1os; vae2is, ipas2e1is; tlbip
		   vae1is */
		{true, "\xa1\x83\x08\xd5", 4, FLUSH_ADDRESSES, FLUSH_NOTHING, true},
		{true, "\xe1\x83\x08\xd5", 4, FLUSH_ADDRESSES, FLUSH_NOTHING, true},
		{true, "\x21\x83\x08\xd5", 4, FLUSH_ADDRESSES, FLUSH_ADDRESSES, true},
		{true, "\x21\x82\x08\xd5", 4, FLUSH_ADDRESSES, FLUSH_ADDRESSES, true},
		{true, "\xe1\x85\x08\xd5", 4, FLUSH_ADDRESSES, FLUSH_NOTHING, true},
		{true, "\x21\x83\x0c\xd5", 4, FLUSH_NOTHING, FLUSH_NOTHING, true},
		{true, "\x21\x80\x0c\xd5", 4, FLUSH_NOTHING, FLUSH_NOTHING, true},
		{true, "\x20\x83\x48\xd5", 4, FLUSH_ALL, FLUSH_ALL, true},
		{true, "\x02\x20\x18\xd5", 4, FLUSH_NOTHING, FLUSH_OWN,
		 false}, /* msr ttbr0_el1, x2 */
		{true, "\x22\x20\x18\xd5", 4, FLUSH_NOTHING, FLUSH_OWN,
		 false}, /* msr ttbr1_el1, x2 */
		{true, "\x42\x20\x18\xd5", 4, FLUSH_NOTHING, FLUSH_NOTHING,
		 false}, /* msr tcr_el1, x2 */
		{true, "\x02\x20\x38\xd5", 4, FLUSH_NOTHING, FLUSH_NOTHING,
		 false},						    /* mrs x2, ttbr0_el1 */
		{false, "\x0f\x22\xd8", 3, FLUSH_OWN, FLUSH_ALL, false},    /* mov %rax, %cr3 */
		{false, "\x0f\x22\xe0", 3, FLUSH_ALL, FLUSH_ALL, true},	    /* mov %rax, %cr4 */
		{false, "\x41\x0f\x22\xe0", 4, FLUSH_ALL, FLUSH_ALL, true}, /* mov %r8, %cr4 */
		{false, "\x0f\x20\xe0", 3, FLUSH_NOTHING, FLUSH_NOTHING,
		 false}, /* mov %cr4, %rax */
		{false, "\x0f\x22\xc0", 3, FLUSH_NOTHING, FLUSH_NOTHING,
		 false},						      /* mov %rax, %cr0 */
		{false, "\x0f\x01\x38", 3, FLUSH_ADDRESSES, FLUSH_ALL, true}, /* invlpg (%rax) */
		{false, "\x65\x0f\x01\x38", 4, FLUSH_ALL, FLUSH_ALL, true}, /* invlpg %gs:(%rax) */
		{false, "\x0f\x01\xfe", 3, FLUSH_ALL, FLUSH_ALL, true},	    /* invlpgb */
		{false, "\x66\x0f\x38\x82\x08", 5, FLUSH_ALL, FLUSH_ALL,
		 true}, /* invpcid (%rax), %rcx */
	};
	struct tlb_insn tlb;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(insns) / sizeof(insns[0]); i++) {
		tlb = (insns[i].arm ? arm : x86)
			      ->tlb(KERNEL_AT, (const uint8_t *)insns[i].bytes, insns[i].size);
		assert_int_equal(tlb.pages, insns[i].pages);
		assert_int_equal(tlb.tables, insns[i].tables);
		assert_int_equal(tlb.kernel, insns[i].kernel);
	}
}

/* Registers as GDB numbers them: RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8 ... */
static void test_operands(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		int base, index;
		unsigned int shift;
		uint64_t offset;
	} insns[] = {
		{"\x0f\x01\x38", 3, 0, -1, 0, 0},		      /* (%rax) */
		{"\x41\x0f\x01\x3f", 4, 15, -1, 0, 0},		      /* (%r15) */
		{"\x0f\x01\x7b\xf0", 4, 1, -1, 0, -16ULL},	      /* -16(%rbx) */
		{"\x0f\x01\xbd\x00\x10\x00\x00", 7, 6, -1, 0, 4096},  /* 4096(%rbp) */
		{"\x0f\x01\x3c\x24", 4, 7, -1, 0, 0},		      /* (%rsp) */
		{"\x42\x0f\x01\x3c\xa6", 5, 4, 12, 2, 0},	      /* (%rsi, %r12, 4) */
		{"\x0f\x01\x3c\xcd\x08\x00\x00\x00", 8, -1, 2, 3, 8}, /* 8(, %rcx, 8) */
		{"\x0f\x01\x3c\x25\x00\x00\x00\x80", 8, -1, -1, 0, -1ULL << 31},   /* -0x80000000 */
		{"\x0f\x01\x3d\x00\x01\x00\x00", 7, -1, -1, 0, KERNEL_AT + 0x107}, /* 256(%rip) */
	};
	static const uint8_t cut[16] = {0x0f, 0x01, 0x3c}; /* at a page's end, by QEMU */
	struct tlb_insn tlb;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(insns) / sizeof(insns[0]); i++) {
		tlb = tlb_x86(KERNEL_AT, (const uint8_t *)insns[i].bytes, insns[i].size);
		assert_int_equal(tlb.pages, FLUSH_ADDRESSES);
		assert_int_equal(tlb.form, TLB_LINEAR);
		assert_int_equal(tlb.base, insns[i].base);
		assert_int_equal(tlb.index, insns[i].index);
		assert_int_equal(tlb.shift, insns[i].shift);
		assert_int_equal(tlb.offset, insns[i].offset);
	}
	assert_int_equal(tlb_x86(KERNEL_AT, cut, 3).pages, FLUSH_ADDRESSES);
}

/* As DDI 0487 has the fields of a register: granule, scale, number, and the first page. */
static uint64_t range_of(uint64_t granule, uint64_t scale, uint64_t num, uint64_t base)
{
	return 0xabcULL << 48 | granule << 46 | scale << 44 | num << 39 | (base & 0x1fffffffff);
}

static void test_named(void **state)
{
	static const struct {
		enum tlb_form form;
		bool wide;
		uint64_t granule, scale, num, base, first, bytes;
	} ranges[] = {
		{TLB_RANGE, false, 1, 0, 0, 0x12345, 0x12345000, 2 << 12},
		{TLB_RANGE, false, 1, 0, 31, 0x12345, 0x12345000, 64 << 12},
		{TLB_RANGE, false, 1, 1, 2, 0x12345, 0x12345000, 3 * 64 << 12},
		{TLB_RANGE, false, 1, 3, 0, 0x12345, 0x12345000, 65536ULL << 12},
		{TLB_RANGE, false, 2, 0, 0, 0x12345, 0x12345ULL << 14, 2 << 14},
		{TLB_RANGE, false, 3, 0, 0, 0x12345, 0x12345ULL << 16, 2 << 16},
		{TLB_RANGE, true, 1, 0, 0, 0x12345, 0x12345ULL << 16, 2 << 12},
		{TLB_RANGE, true, 2, 0, 0, 0x12345, 0x12345ULL << 16, 2 << 14},
		{TLB_RANGE, false, 1, 0, 0, 0xffff800081234000 >> 12, 0xffff800081234000, 2 << 12},
	};
	struct flush f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		tlb_addresses(ranges[i].form,
			      range_of(ranges[i].granule, ranges[i].scale, ranges[i].num,
				       ranges[i].base),
			      ranges[i].wide, &f);
		assert_int_equal(f.first, ranges[i].first);
		assert_int_equal(f.last, ranges[i].first + ranges[i].bytes - 1);
	}
	/* A granule that is none: any address. */
	tlb_addresses(TLB_RANGE, range_of(0, 0, 0, 1), false, &f);
	assert_true(f.first == 0 && f.last == UINT64_MAX);
	/* An ASID and a level above the address; bit 55 is the uppermost. */
	tlb_addresses(TLB_PAGE, 0x123ULL << 48 | 4ULL << 44 | 0x7f12345, false, &f);
	assert_true(f.first == 0x7f12345000 && f.last == f.first);
	tlb_addresses(TLB_PAGE, 0xffff800081234000 >> 12, false, &f);
	assert_int_equal(f.first, 0xffff800081234000);
	tlb_addresses(TLB_LINEAR, 0xffff800081234567, false, &f);
	assert_int_equal(f.first, 0xffff800081234567);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_effects),
		cmocka_unit_test(test_operands),
		cmocka_unit_test(test_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
