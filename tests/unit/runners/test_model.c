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
	(void)flags;
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

static void test_flushes(void **state)
{
	struct hierarchy h = made(SMALL);
	struct misses m;

	(void)state;
	translate(&h, 0, 2, true);
	translate(&h, 2, 4, false);
	hierarchy_flush(&h, FLUSH_OWN);
	m = translate(&h, 2, 4, false);
	MISSES(m, DTLB, 0);
	m = translate(&h, 0, 2, true);
	MISSES(m, DTLB, 2);
	MISSES(m, L2TLB, 2);
	MISSES(m, WALK, 1);
	hierarchy_flush(&h, FLUSH_OWN_WALKS);
	m = translate(&h, 0, 4, true);
	MISSES(m, DTLB, 2);
	MISSES(m, WALK, 1);
	hierarchy_flush(&h, FLUSH_ALL);
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
	misses_at(NULL, KERNEL_AT, (const uint8_t *)bytes, size);
	if (on_insn)
		on_insn(0, of_insn);
}

/* An access of 1 << bits bytes, by code there. */
static void access_at(uint64_t code, uint64_t vaddr, unsigned int bits)
{
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
	/* TLBI VAE1IS says not where; another page at an address is another one. */
	executes("\x20\x83\x08\xd5", 4);
	access_at(KERNEL_AT, user, 3);
	space = 1 << 20;
	access_at(KERNEL_AT, user, 3);
	misses_stop();
	assert_printed(misses_print, ",\"misses\":[[13,3,3,3,1,1,0],[6,1,1,1,4,4,3]]");
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
		enum tlb_effect effect;
	} insns[] = {
		{true, "\x1f\x83\x08\xd5", 4, TLB_ALL},	     /* tlbi vmalle1is */
		{true, "\x1f\x87\x08\xd5", 4, TLB_ALL},	     /* tlbi vmalle1 */
		{true, "\x41\x83\x08\xd5", 4, TLB_OWN},	     /* tlbi aside1is, x1 */
		{true, "\xa1\x83\x08\xd5", 4, TLB_ADDRESS},  /* tlbi vale1is, x1 */
		{true, "\xe1\x83\x08\xd5", 4, TLB_ADDRESS},  /* tlbi vaale1is, x1 */
		{true, "\x02\x20\x18\xd5", 4, TLB_SWITCH},   /* msr ttbr0_el1, x2 */
		{true, "\x22\x20\x18\xd5", 4, TLB_SWITCH},   /* msr ttbr1_el1, x2 */
		{true, "\x42\x20\x18\xd5", 4, TLB_NOTHING},  /* msr tcr_el1, x2 */
		{true, "\x02\x20\x38\xd5", 4, TLB_NOTHING},  /* mrs x2, ttbr0_el1 */
		{false, "\x0f\x22\xd8", 3, TLB_OWN},	     /* mov %rax, %cr3 */
		{false, "\x0f\x22\xe0", 3, TLB_ALL},	     /* mov %rax, %cr4 */
		{false, "\x41\x0f\x22\xe0", 4, TLB_ALL},     /* mov %r8, %cr4 */
		{false, "\x0f\x20\xe0", 3, TLB_NOTHING},     /* mov %cr4, %rax */
		{false, "\x0f\x22\xc0", 3, TLB_NOTHING},     /* mov %rax, %cr0 */
		{false, "\x0f\x01\x38", 3, TLB_ADDRESS},     /* invlpg (%rax) */
		{false, "\x66\x0f\x38\x82\x08", 5, TLB_ALL}, /* invpcid (%rax), %rcx */
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(insns) / sizeof(insns[0]); i++)
		assert_int_equal((insns[i].arm ? arm : x86)
					 ->tlb((const uint8_t *)insns[i].bytes, insns[i].size),
				 insns[i].effect);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closed_forms), cmocka_unit_test(test_order),
		cmocka_unit_test(test_pages),	     cmocka_unit_test(test_flushes),
		cmocka_unit_test(test_text),	     cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_plugin),	     cmocka_unit_test(test_moved),
		cmocka_unit_test(test_effects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
