// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model of caches: closed forms, what flushes forget, the text of a geometry; and as the plugin
 * feeds it, under a QEMU that is played here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runners/exact/misses.h"
#include "runners/exact/model/hierarchy.h"
#include "runners/exact/model/mapped.h"
#include "tests/unit/runners/printed_as.h"

#define SMALL	  "small:l1d=4096/4/64:l2=32768/8/64:llc=98304/16/64:dtlb=4/4:l2tlb=16/2:walk=2/2"
#define KERNEL_AT 0xffff000000000000ULL
#define STORES	  16 /* in an info; below it the log2 of the bytes */

/* The QEMU: the kernel is mapped at KERNEL_AT, user space at 0, which is moved by these. */
static qemu_plugin_vcpu_mem_cb_t on_access;
static qemu_plugin_vcpu_udata_cb_t on_insn;
static void *of_insn;
static uint64_t asked, space, vmalloc;

/* Its registers, and what is called at the first instruction of a piece of code. */
static uint64_t registers[32];
static qemu_plugin_vcpu_udata_cb_t on_first;

bool api_register(unsigned int number, uint64_t *ret)
{
	*ret = registers[number];
	return true;
}

void qemu_plugin_outs(const char *string)
{
	fail_msg("%s", string);
}

void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, qemu_plugin_vcpu_mem_cb_t cb,
				      enum qemu_plugin_cb_flags flags, enum qemu_plugin_mem_rw rw,
				      void *userdata)
{
	(void)insn;
	(void)flags;
	(void)userdata;
	assert_int_equal(rw, QEMU_PLUGIN_MEM_RW);
	on_access = cb;
}

void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_vcpu_udata_cb_t cb,
					    enum qemu_plugin_cb_flags flags, void *userdata)
{
	(void)insn;
	if (flags == QEMU_PLUGIN_CB_R_REGS) {
		on_first = cb;
		return;
	}
	on_insn = cb;
	of_insn = userdata;
}

unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info)
{
	return info & 15;
}

struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t info, uint64_t vaddr)
{
	(void)info;
	asked = vaddr;
	return (struct qemu_plugin_hwaddr *)&asked;
}

bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *where)
{
	(void)where;
	return false;
}

uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *where)
{
	(void)where;
	return asked >= KERNEL_AT ? asked - KERNEL_AT + vmalloc : asked + space;
}

static struct hierarchy made(const char *text)
{
	struct cache_model model;
	struct hierarchy h;

	assert_true(cache_model_parse(&model, text));
	assert_true(hierarchy_init(&h, &model));
	return h;
}

/* Lines from .. to - 1, one after the other. */
static struct misses touch(struct hierarchy *h, uint64_t from, uint64_t to)
{
	struct misses m = {0};

	for (; from < to; from++)
		hierarchy_line(h, from * 64, &m);
	return m;
}

static struct misses translate(struct hierarchy *h, uint64_t from, uint64_t to, bool own)
{
	struct misses m = {0};
	struct page_key key;
	struct page page;

	for (; from < to; from++) {
		page = (struct page){from << 12, from << 12, 12, 21, own};
		key = hierarchy_key(&page);
		hierarchy_page(h, &key, &m);
	}
	return m;
}

#define MISSES(m, level, wanted) assert_int_equal((m).of[CACHE_##level], wanted)

static void test_closed_forms(void **state)
{
	struct hierarchy h = made(SMALL);
	struct misses m;
	int i;

	(void)state;
	/* Each line misses once, ... */
	m = touch(&h, 0, 64);
	assert_int_equal(m.accesses, 64);
	MISSES(m, L1D, 64);
	MISSES(m, L2, 64);
	MISSES(m, LLC, 64);
	/* ... what fits never again, ... */
	m = touch(&h, 0, 64);
	MISSES(m, L1D, 0);
	/* ... and one line more than there are ways, of one set, always: 5 of 4, in turn. */
	for (i = 0; i < 10; i++) {
		m = (struct misses){0};
		for (uint64_t line = 0; line < 5; line++)
			hierarchy_line(&h, (100 + line) * 16 * 64, &m);
		MISSES(m, L1D, 5);
		MISSES(m, L2, i ? 0 : 5);
	}
	/* A sweep over twice the cache misses it each time, and the next one only once. */
	touch(&h, 0, 128);
	m = touch(&h, 0, 128);
	MISSES(m, L1D, 128);
	MISSES(m, L2, 0);
	/* 96 sets, no power of 2: 1536 lines fit the last level exactly, and 3072 never. */
	touch(&h, 0, 1536);
	touch(&h, 0, 1536);
	m = touch(&h, 0, 1536);
	MISSES(m, L2, 1536);
	MISSES(m, LLC, 0);
	touch(&h, 0, 3072);
	m = touch(&h, 0, 3072);
	MISSES(m, LLC, 3072);
	hierarchy_free(&h);
}

/* Of two lines that would both have to go, the one that was used last stays. */
static void test_order(void **state)
{
	struct hierarchy h = made("one:l1d=256/4/64:dtlb=1/1");
	static const uint64_t lines[] = {1, 2, 3, 4, 1, 5, 1, 3, 2};
	static const bool hits[] = {0, 0, 0, 0, 1, 0, 1, 1, 0};
	struct misses m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		m = (struct misses){0};
		hierarchy_line(&h, lines[i] * 64, &m);
		assert_int_equal(m.of[CACHE_L1D], !hits[i]);
	}
	hierarchy_free(&h);
}

static void test_pages(void **state)
{
	struct hierarchy h = made(SMALL);
	struct misses m = translate(&h, 0, 16, false);
	struct page large = {1ULL << 30, 5ULL << 30, 21, 30, false};
	struct page_key key = hierarchy_key(&large);
	int i;

	(void)state;
	/* 16 pages in one table: 4 fit the first TLB, 16 the second. */
	MISSES(m, DTLB, 16);
	MISSES(m, L2TLB, 16);
	MISSES(m, WALK, 1);
	m = translate(&h, 0, 16, false);
	MISSES(m, DTLB, 16);
	MISSES(m, L2TLB, 0);
	MISSES(m, WALK, 0);
	/* 512 addresses of 4 KiB in a page of 2 MiB are one entry. */
	m = (struct misses){0};
	for (i = 0; i < 512; i++) {
		large.vaddr += 4096;
		large.paddr += 4096;
		assert_int_equal(hierarchy_key(&large).key == key.key, i < 511);
		hierarchy_page(&h, &key, &m);
	}
	MISSES(m, DTLB, 1);
	hierarchy_free(&h);
}

static void flushes(struct hierarchy *h, enum flush_scope pages, enum flush_scope tables,
		    uint64_t first, uint64_t last)
{
	struct flush flush = {pages, tables, first, last};

	hierarchy_flush(h, &flush);
}

/* What is missed of the 16 pages that fit the second TLB, and of their table. */
static void missed(struct hierarchy *h, uint64_t from, unsigned int pages, unsigned int tables)
{
	struct misses m = translate(h, from, from + 16, true);

	MISSES(m, L2TLB, pages);
	MISSES(m, WALK, tables);
}

static void test_addresses(void **state)
{
	struct hierarchy h = made(SMALL);
	const uint64_t high = KERNEL_AT >> 12, at = 512;
	struct page large = {KERNEL_AT + (5ULL << 21), 1ULL << 30, 21, 30, false};
	struct page_key key = hierarchy_key(&large);
	struct misses m = {0};

	(void)state;
	missed(&h, at, 16, 1);
	missed(&h, at, 0, 0);
	/* A page, whichever of its bytes is named; its table alone; pages of a range; none of them.
	 */
	flushes(&h, FLUSH_ADDRESSES, FLUSH_NOTHING, (at + 3) << 12, (at + 3) << 12);
	missed(&h, at, 1, 0);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_ADDRESSES, (at + 4) << 12 | 4095, (at + 4) << 12 | 4095);
	missed(&h, at, 1, 1);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_NOTHING, (at + 4) << 12 | 4095, (at + 6) << 12);
	missed(&h, at, 3, 0);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_ADDRESSES, 0, (at << 12) - 1);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_ADDRESSES, (at + 512) << 12, UINT64_MAX);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_ADDRESSES, at << 12 | 1ULL << 50, at << 12 | 1ULL << 50);
	missed(&h, at, 0, 0);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_ALL, 0, 0);
	missed(&h, at, 0, 0);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_NOTHING, 0, UINT64_MAX);
	missed(&h, at, 16, 1);
	/* The kernel's, of which the upper bits are 1, up to the last address; and large pages. */
	missed(&h, high, 16, 1);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_NOTHING, (high + 15) << 12, (high + 15) << 12);
	missed(&h, high, 1, 0);
	hierarchy_page(&h, &key, &m);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_NOTHING, large.vaddr - 1, large.vaddr - 1);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_NOTHING, large.vaddr + (1 << 21),
		large.vaddr + (1 << 21));
	hierarchy_page(&h, &key, &m);
	MISSES(m, DTLB, 1);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_NOTHING, large.vaddr + 12345, large.vaddr + 12345);
	hierarchy_page(&h, &key, &m);
	MISSES(m, DTLB, 2);
	hierarchy_free(&h);
}

static void test_flushes(void **state)
{
	struct hierarchy h = made(SMALL);
	struct misses m;

	(void)state;
	translate(&h, 0, 2, true);
	translate(&h, 2, 4, false);
	flushes(&h, FLUSH_OWN, FLUSH_OWN, 0, 0);
	m = translate(&h, 2, 4, false);
	MISSES(m, DTLB, 0);
	m = translate(&h, 0, 2, true);
	MISSES(m, DTLB, 2);
	MISSES(m, L2TLB, 2);
	MISSES(m, WALK, 1);
	flushes(&h, FLUSH_NOTHING, FLUSH_OWN, 0, 0);
	m = translate(&h, 0, 4, true);
	MISSES(m, DTLB, 2);
	MISSES(m, WALK, 1);
	flushes(&h, FLUSH_ALL, FLUSH_ALL, 0, 0);
	m = translate(&h, 2, 4, false);
	MISSES(m, DTLB, 2);
	MISSES(m, L2TLB, 2);
	hierarchy_free(&h);
}

static void test_text(void **state)
{
	static const char *const wrong[] = {
		"",
		"x",
		":l1d=4096/4/64:dtlb=4/4",
		"x:l1d=4096/4/64",
		"x:dtlb=4/4",
		"x:l1d=4096/4:dtlb=4/4",
		"x:l1d=4096/4/48:dtlb=4/4",
		"x:l1d=4096/3/64:dtlb=4/4",
		"x:l1d=4096/0/64:dtlb=4/4",
		"x:l1d=0/4/64:dtlb=4/4",
		"x:l1d=4096/4/64:dtlb=4/4:l4=1/1/64",
		"x:l1d=99999999999999/4/64:dtlb=4/4",
	};
	char text[CACHE_MODEL_TEXT];
	struct cache_model model;
	size_t i;

	(void)state;
	assert_true(cache_model_parse(&model, SMALL));
	assert_string_equal(cache_model_text(&model, text), SMALL);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(cache_model_parse(&model, wrong[i]));
}

static void test_mapped(void **state)
{
	struct page page;

	(void)state;
	assert_true(mapped_add("page 12"));
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

static void executes(const char *bytes, size_t size)
{
	on_insn = NULL;
	misses_first(NULL, KERNEL_AT);
	misses_at(NULL, KERNEL_AT, (const uint8_t *)bytes, size);
	if (on_insn)
		on_insn(0, of_insn);
	/* And goes on. */
	on_first(0, NULL);
}

/* An access of 1 << bits bytes, by code there. */
static void access_at(uint64_t code, uint64_t vaddr, unsigned int bits)
{
	misses_first(NULL, code);
	misses_at(NULL, code, (const uint8_t *)"\x1f\x20\x03\xd5", 4); /* NOP */
	on_access(0, bits, vaddr, NULL);
}

static void test_plugin(void **state)
{
	const uint64_t user = 0x10000;
	size_t i;

	(void)state;
	assert_false(misses_init("x", target_find("aarch64")));
	assert_true(misses_init(SMALL, target_find("aarch64")));
	misses_run();
	/* Before the op, user space as well: it is warm then. */
	access_at(KERNEL_AT, KERNEL_AT, 3);
	access_at(user, user, 3);
	misses_start();
	access_at(KERNEL_AT, KERNEL_AT, 3);
	access_at(KERNEL_AT, user, 3);
	access_at(user, user + 64, 3); /* nobody's */
	/* 8 accesses to one line; across two, which are two accesses. */
	for (i = 0; i < 64; i += 8)
		access_at(KERNEL_AT, KERNEL_AT + 4096 + i, 3);
	access_at(KERNEL_AT, KERNEL_AT + 4096 + 124, 3);
	misses_own(false);
	access_at(KERNEL_AT, KERNEL_AT + 8192, 3); /* an interrupt's, but it is there since */
	misses_own(true);
	access_at(KERNEL_AT, KERNEL_AT + 8192, 3);
	misses_stop();
	/* TLBI VMALLE1IS, then ASIDE1IS: all translations, then those of user space. */
	misses_start();
	executes("\x1f\x83\x08\xd5", 4);
	access_at(KERNEL_AT, KERNEL_AT, 3);
	access_at(KERNEL_AT, user, 3);
	executes("\x40\x83\x08\xd5", 4);
	access_at(KERNEL_AT, KERNEL_AT, 3);
	access_at(KERNEL_AT, user, 3);
	/* TLBI VAE1IS says where in X0; another page at an address is another one. */
	registers[0] = (user >> 12) + 1;
	executes("\x20\x83\x08\xd5", 4);
	access_at(KERNEL_AT, user, 3);
	registers[0] = user >> 12;
	executes("\x20\x83\x08\xd5", 4);
	access_at(KERNEL_AT, user, 3);
	space = 1 << 20;
	access_at(KERNEL_AT, user, 3);
	misses_stop();
	assert_printed(misses_print, ",\"misses\":[[13,3,3,3,1,1,0],[7,1,1,1,5,5,4]]");
	misses_run();
	assert_printed(misses_print, ",\"misses\":[]");
}

static void test_moved(void **state)
{
	size_t i;

	(void)state;
	assert_true(misses_init(SMALL, target_find("aarch64")));
	misses_run();
	access_at(KERNEL_AT, KERNEL_AT + 4096, 3);
	/* What the kernel maps anew is another page and line once it has said so. */
	misses_start();
	access_at(KERNEL_AT, KERNEL_AT + 4096, 3);
	vmalloc = 1 << 21;
	access_at(KERNEL_AT, KERNEL_AT + 4096, 3);
	executes("\xe0\x83\x08\xd5", 4); /* TLBI VAALE1IS */
	access_at(KERNEL_AT, KERNEL_AT + 4096, 3);
	misses_stop();
	assert_printed(misses_print, ",\"misses\":[[3,1,1,1,1,1,0]]");
	/* What is zeroed throws out what was there, wherever it is: 4 ways of each of 16 sets. */
	access_at(KERNEL_AT, KERNEL_AT, 3);
	misses_start();
	for (i = 0; i < 48; i++)
		executes("\x20\x74\x0b\xd5", 4); /* DC ZVA */
	access_at(KERNEL_AT, KERNEL_AT, 3);
	for (i = 0; i < 64; i++)
		executes("\x20\x74\x0b\xd5", 4);
	access_at(KERNEL_AT, KERNEL_AT, 3);
	misses_stop();
	assert_printed(misses_print, ",\"misses\":[[3,1,1,1,1,1,0],[2,1,0,0,0,0,0]]");
	misses_run();
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
		{"\x0f\x01\x3c", 3, -1, -1, 0, 0}, /* cut at a page's end */
	};
	struct tlb_insn tlb;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(insns) / sizeof(insns[0]); i++) {
		uint8_t bytes[16] = {0};

		memcpy(bytes, insns[i].bytes, insns[i].size);
		tlb = tlb_x86(KERNEL_AT, bytes, insns[i].size);
		assert_int_equal(tlb.pages, FLUSH_ADDRESSES);
		if (i + 1 == sizeof(insns) / sizeof(insns[0]))
			break;
		assert_int_equal(tlb.base, insns[i].base);
		assert_int_equal(tlb.index, insns[i].index);
		assert_int_equal(tlb.shift, insns[i].shift);
		assert_int_equal(tlb.offset, insns[i].offset);
	}
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
		cmocka_unit_test(test_closed_forms), cmocka_unit_test(test_order),
		cmocka_unit_test(test_pages),	     cmocka_unit_test(test_flushes),
		cmocka_unit_test(test_text),	     cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_plugin),	     cmocka_unit_test(test_moved),
		cmocka_unit_test(test_effects),	     cmocka_unit_test(test_operands),
		cmocka_unit_test(test_addresses),    cmocka_unit_test(test_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
