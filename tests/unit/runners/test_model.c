// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model of caches: closed forms, what flushes forget; and as the plugin
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

/* The misses of so many pages of 2 MiB. */
static int large(struct hierarchy *h, uint64_t vaddr, unsigned int pages)
{
	struct page page = {vaddr, 1ULL << 30, 21, 30, false};
	struct misses m = {0};
	struct page_key key;

	for (; pages; pages--, page.vaddr += 1 << 21) {
		key = hierarchy_key(&page);
		hierarchy_page(h, &key, &m);
	}
	return (int)m.of[CACHE_DTLB];
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

static void forgets(struct hierarchy *h, uint64_t first, uint64_t last)
{
	flushes(h, FLUSH_ADDRESSES, FLUSH_NOTHING, first, last);
}

static void test_addresses(void **state)
{
	struct hierarchy h = made(SMALL);
	const uint64_t at = 512, low = at << 12, high = KERNEL_AT >> 12;
	const uint64_t middle = KERNEL_AT + (5ULL << 21);

	(void)state;
	missed(&h, at, 16, 1);
	/* A page, by any of its bytes; its table as well; pages of a range; none of them; all. */
	forgets(&h, low + 3 * 4096, low + 3 * 4096);
	missed(&h, at, 1, 0);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_ADDRESSES, low + 4 * 4096 - 1, low + 4 * 4096 - 1);
	missed(&h, at, 1, 1);
	forgets(&h, low + 4 * 4096 - 1, low + 6 * 4096);
	missed(&h, at, 4, 0);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_ADDRESSES, 0, low - 1);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_ADDRESSES, low + (512 << 12), UINT64_MAX);
	flushes(&h, FLUSH_ADDRESSES, FLUSH_ADDRESSES, low | 1ULL << 50, low | 1ULL << 50);
	missed(&h, at, 0, 0);
	forgets(&h, 0, UINT64_MAX);
	missed(&h, at, 16, 0);
	/* The kernel's, whose upper bits are 1. */
	missed(&h, high, 16, 1);
	forgets(&h, (high + 15) << 12, (high + 15) << 12);
	missed(&h, high, 1, 0);
	/* Of pages of 2 MiB, the one in the middle of three. */
	flushes(&h, FLUSH_ALL, FLUSH_ALL, 0, 0);
	assert_int_equal(large(&h, middle, 3), 3);
	forgets(&h, middle + (1 << 21) + 12345, middle + (1 << 21) + 12345);
	assert_int_equal(large(&h, middle, 3), 1);
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

static void executes(const char *bytes, size_t size)
{
	on_insn = NULL;
	of_insn = NULL;
	misses_first(NULL, KERNEL_AT);
	misses_at(NULL, KERNEL_AT, (const uint8_t *)bytes, size);
	if (on_insn)
		on_insn(0, of_insn);
	/* And goes on; QEMU would keep the translation. */
	on_first(0, NULL);
	free(of_insn);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closed_forms), cmocka_unit_test(test_order),
		cmocka_unit_test(test_pages),	     cmocka_unit_test(test_flushes),
		cmocka_unit_test(test_addresses),    cmocka_unit_test(test_plugin),
		cmocka_unit_test(test_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
