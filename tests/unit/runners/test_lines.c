// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines of memory: as the plugin sees them touched, under a QEMU that is played here, and by kind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runners/exact/home/lines.h"
#include "runners/exact/touched.h"
#include "tests/unit/runners/printed_as.h"

#define INSN	0xffff800080010000ULL
#define LINEAR	0xffff000000000000ULL
#define DEVICE	0xffff7ffffe000000ULL
#define VMALLOC 0xffff800082000000ULL

/* The QEMU: memory is mapped once in LINEAR, its second MiB once more in VMALLOC. */
static qemu_plugin_vcpu_mem_cb_t on_access;
static void *of_insn;
static uint64_t asked;

void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, qemu_plugin_vcpu_mem_cb_t cb,
				      enum qemu_plugin_cb_flags flags, enum qemu_plugin_mem_rw rw,
				      void *userdata)
{
	(void)insn;
	(void)flags;
	assert_int_equal(rw, QEMU_PLUGIN_MEM_RW);
	on_access = cb;
	of_insn = userdata;
}

#define STORES 16 /* in an info; below it the log2 of the bytes */

bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info)
{
	return info & STORES;
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
	return asked >= DEVICE && asked < VMALLOC - (1 << 25);
}

uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *where)
{
	(void)where;
	return asked >= VMALLOC	 ? asked - VMALLOC + (1 << 20)
	       : asked >= LINEAR ? asked - LINEAR
				 : asked;
}

static void access_at(uint64_t insn, uint64_t vaddr, qemu_plugin_meminfo_t info)
{
	touched_at(NULL, insn, NULL, 0);
	on_access(0, info, vaddr, of_insn);
}

static void test_touched(void **state)
{
	size_t i;

	(void)state;
	touched_run();
	access_at(INSN, LINEAR, 3); /* before the op */
	touched_start();
	/* Each line once, however it is reached and whoever touches it again. */
	for (i = 0; i < 3 * 4096; i += 8)
		access_at(INSN, LINEAR + i, 3);
	access_at(INSN + 4, LINEAR + 8, STORES | 3);
	access_at(INSN, LINEAR + (1 << 20), 0);
	access_at(INSN + 4, VMALLOC + 63, STORES | 0);
	/* Two lines, of two pages. */
	access_at(INSN + 8, LINEAR + (2 << 20) + 4092, STORES | 3);
	access_at(INSN, DEVICE, 2);
	touched_own(false);
	access_at(INSN, LINEAR + (3 << 20), 3);
	touched_own(true);
	touched_stop();
	access_at(INSN, LINEAR + (4 << 20), 3);
	touched_start();
	access_at(INSN, 4096, 3);
	touched_stop();
	assert_printed(
		touched_print,
		",\"lines\":[["
		"[-281474976710656,-140735340806144,63,63,0,504,-281474976710656,-140735340806144],"
		"[-281474976710656,-140735340806144,1,1,1,9,-281474976710656,-140735340806140],"
		"[-281474976706560,-140735340806144,64,64,0,512,-281474976706560,-140735340806144],"
		"[-281474976702464,-140735340806144,64,64,0,512,-281474976702464,-140735340806144],"
		"[-281474975662080,-140735340806144,1,1,1,2,-140735307317248,-140735340806140],"
		"[-281474974613504,-140735340806136,1,0,1,1,-281474974613504,-140735340806136],"
		"[-281474974609408,-140735340806136,1,0,1,1,-281474974609408,-140735340806136]],"
		"[[4096,-140735340806144,1,1,0,1,4096,-140735340806144]]]");
	touched_run();
	assert_printed(touched_print, ",\"lines\":[]");
}

/* More lines than there is room for at first. */
static void test_many(void **state)
{
	const uint64_t nr = 1 << 18;
	char *text = NULL, *at;
	size_t size, pages = 0;
	uint64_t i;
	FILE *out;

	(void)state;
	touched_run();
	touched_start();
	for (i = 0; i < nr; i++)
		access_at(INSN, LINEAR + i * LINE, 3);
	for (i = 0; i < nr; i++)
		access_at(INSN + 4, LINEAR + i * LINE, STORES | 3);
	touched_stop();
	out = open_memstream(&text, &size);
	touched_print(out);
	fclose(out);
	for (at = text; (at = strstr(at, ",64,64,64,128,")); at++)
		pages++;
	assert_int_equal(pages, nr * LINE / 4096);
	free(text);
	touched_run();
}

/* What arm64 and x86-64 say, with 2 GiB; less is left of x86's low memory. */
#define ARM64                                                     \
	"page 1000;segment ffff800080000000 40200000 2240000;"    \
	"segment ffff800080000000 ffffffffffffffff 7dff3f800000;" \
	"segment ffff800000000000 ffffffffffffffff 80000000;"     \
	"segment ffff000000000000 40000000 80000000;"             \
	"segment fffffdffc0000000 ffffffffffffffff 2000000;"      \
	"value pcpu_base_addr ffff00007fbc3000;value pcpu_unit_size 1100022000;"
#define X86                                                       \
	"page 1000;segment ffffffff81000000 1000000 3230000;"     \
	"segment ffffc90000000000 ffffffffffffffff 1fffffffffff;" \
	"segment ffff888000001000 1000 9e000;"                    \
	"segment ffffea0000000000 ffffffffffffffff 3000;"         \
	"segment ffff888000100000 100000 7fee0000;"               \
	"segment ffffea0000004000 ffffffffffffffff 1ffc000;"

/*
 * Frames: X86's image; from 0x40000 on 16 of each use, those of y, o change in the op, those of t,
 * u go; and from 0x40200 on ARM64's image, of which some were the boot's alone, and have been
 * freed.
 */
#define IMAGE  "r2200u10y10r20;"
#define BEFORE "x1000r3230x3bdd0t10u10s10r10p10y10o10y10o10x170" IMAGE
#define AFTER  "x1000r3230x3bdd0y10y10s10r10p10t10s10y10o10x170" IMAGE
#define AREAS  " s0xffff800082a38000-0xffff800082a3d000 p0xfffffdffbf7dc000-0xfffffdffbf800000;"

static const struct arch *arch_of(const char *layout)
{
	return arch_find(!strcmp(layout, X86) ? "x86_64" : "arm64");
}

static enum data_kind kind_at(const char *layout, uint64_t addr)
{
	const char *memory = BEFORE AFTER AREAS "rest";
	enum data_kind kind;
	struct moment m;
	struct kinds k;

	assert_true(kinds_read(&k, arch_of(layout), layout));
	assert_true(moment_read(&m, &memory));
	assert_string_equal(memory, "rest");
	kind = kinds_find(&k, &m, addr);
	moment_free(&m);
	return kind;
}

static void test_kinds(void **state)
{
	static const enum data_kind frames[] = {DATA_TABLES, DATA_USER,	 DATA_SLAB,
						DATA_BOOT,   DATA_CACHE, DATA_TABLES,
						DATA_SLAB,   DATA_RAW,	 DATA_RAW};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		assert_int_equal(kind_at(ARM64, 0xffff000000000000 + i * 0x10000 + 0xffff),
				 frames[i]);
	assert_int_equal(kind_at(ARM64, 0xffff000000000000 + i * 0x10000), DATA_OTHER);
	assert_int_equal(kind_at(ARM64, 0xffff800080000000), DATA_KERNEL);
	assert_int_equal(kind_at(ARM64, 0xffff00000243ffff), DATA_KERNEL);
	assert_int_equal(kind_at(ARM64, 0xffff000002400000), DATA_USER);
	assert_int_equal(kind_at(ARM64, 0xffff000002410000), DATA_RAW);
	assert_int_equal(kind_at(ARM64, 0xffff800082240000), DATA_VMALLOC);
	assert_int_equal(kind_at(ARM64, 0xffff800082a38000), DATA_STACK);
	assert_int_equal(kind_at(ARM64, 0xffff800082a3d000), DATA_VMALLOC);
	assert_int_equal(kind_at(ARM64, 0xfffffdffc1ffffff), DATA_MEMMAP);
	assert_int_equal(kind_at(ARM64, 0xffff00007fbc3000), DATA_PER_CPU);
	assert_int_equal(kind_at(ARM64, 0xffff00007fbe5000), DATA_OTHER);
	assert_int_equal(kind_at(ARM64, 0xfffffdffbf7dc000), DATA_PER_CPU);
	assert_int_equal(kind_at(ARM64, 0xffffffffffffffff), DATA_OTHER);
	assert_int_equal(kind_at(ARM64, 0x0000ffffffffffff), DATA_USER);
	assert_int_equal(kind_at(X86, 0xffffea0000002000), DATA_MEMMAP);
	assert_int_equal(kind_at(X86, 0xffffea0001fff000), DATA_MEMMAP);
	assert_int_equal(kind_at(X86, 0xffffffff81000000), DATA_KERNEL);
	assert_int_equal(kind_at(X86, 0xffffc90000000000), DATA_VMALLOC);
	assert_int_equal(kind_at(X86, 0xffff888040000000), DATA_TABLES);
	assert_int_equal(kind_at(X86, 0xfffffe0000001000), DATA_PER_CPU);
	assert_int_equal(kind_at(X86, 0xfffffe8000000000), DATA_OTHER);
	assert_int_equal(kind_at(ARM64, 0xfffffe0000001000), DATA_OTHER);
}

static bool reads(const char *memory)
{
	struct moment m;
	bool ok = moment_read(&m, &memory);

	moment_free(&m);
	return ok;
}

static void test_refused(void **state)
{
	const struct arch *arch = arch_find("arm64");
	struct kinds k;

	(void)state;
	assert_false(kinds_read(&k, arch, NULL));
	assert_false(kinds_read(&k, arch, ""));
	assert_false(kinds_read(&k, arch, "page 1000;segment ffff 0"));
	assert_false(kinds_read(&k, arch, "segment ffff000000000000 40000000 80000000;"));
	assert_true(reads("x1;x1;;"));
	assert_false(reads(""));
	assert_false(reads("x1;x1;"));
	assert_false(reads("x1;x;;"));
	assert_false(reads(";;;"));
	assert_false(reads("x1;x1"));
	assert_false(reads("x4000000y1;x1;;"));
	assert_false(reads("xffffffffffffffffx2;x1;;"));
}

static json_int_t first_of(const json_t *lines, const char *kind, const char *number, size_t nr)
{
	const json_t *list = json_object_get(json_object_get(lines, kind), number);

	assert_int_equal(json_array_size(list), 2);
	return json_integer_value(json_array_get(list, nr));
}

static void test_joined(void **state)
{
	json_t *touched = json_loads("[[[-281474976710656,-140735340806144,64,60,4,500,0,0],"
				     "[-2200096997376,-140735340806144,3,2,1,9,0,0]],"
				     "[[-281474976645120,-140735340806140,7,7,0,8,0,0]]]",
				     0, NULL);
	json_t *functions = json_loads("{\"f\":{\"insn\":1},\"g\":{\"insn\":2}}", 0, NULL), *lines;
	struct symbols symbols;
	struct kinds k;

	(void)state;
	assert_true(kinds_read(&k, arch_find("arm64"), ARM64));
	assert_true(symbols_read(&symbols, "ffff800080010000 f\nffff800080010004 g\n"));
	lines = lines_of(&k, touched, BEFORE AFTER AREAS BEFORE AFTER AREAS, &symbols, functions);
	assert_int_equal(json_object_size(lines), 3);
	assert_int_equal(first_of(lines, "page-tables", "lines", 0), 64);
	assert_int_equal(first_of(lines, "page-tables", "lines", 1), 0);
	assert_int_equal(first_of(lines, "page-tables", "written", 0), 4);
	assert_int_equal(first_of(lines, "memmap", "accesses", 0), 9);
	assert_int_equal(first_of(lines, "user", "read", 1), 7);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(functions, "f"), "lines")), 67);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(functions, "g"), "lines")), 7);
	json_decref(lines);
	/* Of one of the two iterations it is not said. */
	assert_null(lines_of(&k, touched, BEFORE AFTER AREAS, &symbols, functions));
	assert_null(lines_of(&k, touched, NULL, &symbols, functions));
	json_decref(touched);
	json_decref(functions);
	symbols_free(&symbols);
}

/* Lines of pages that are of no type: what is at i of RAW's pages, all by the same functions. */
#define RAW 0xffff000000080000ULL

static json_t *untyped(const char *const *touchers, size_t nr, const struct symbols *symbols)
{
	json_t *parts = json_array();
	uint64_t page, last, by[2];
	const char *name;
	size_t i, k, f;

	for (i = 0; i < nr; i++, touchers += 4) {
		page = RAW + strtoull(touchers[0], NULL, 16) * 4096;
		last = touchers[3] ? strtoull(touchers[3], NULL, 16) : page;
		for (k = 0; k < 2; k++) {
			name = touchers[1 + k];
			for (f = 0; strcmp(symbols->symbol[f].name, name); f++)
				;
			by[k] = symbols->symbol[f].addr;
		}
		json_array_append_new(parts, json_pack("[I,I,i,i,i,i,I,I]", (json_int_t)page,
						       (json_int_t)by[0], 1, 1, 1, 10,
						       (json_int_t)last, (json_int_t)by[1]));
	}
	return json_pack("[o]", parts);
}

/* How many of the lines that functions touched first and last, and at the end where, are of a kind.
 */
static json_int_t lines_by(const char *const *touchers, size_t nr, const char *kind)
{
	json_t *functions = json_object(), *touched, *lines;
	struct symbols symbols;
	struct kinds k;
	json_int_t of;

	assert_true(kinds_read(&k, arch_find("arm64"), ARM64));
	assert_true(symbols_read(&symbols, "ffff800080010000 clear_page_orig\n"
					   "ffff800080010100 pgd_alloc\n"
					   "ffff800080010200 free_pages_and_swap_cache\n"
					   "ffff800080010300 copy_page\n"
					   "ffff800080010400 unheard_of\n"
					   "ffff800080010500 allocate_slab\n"));
	touched = untyped(touchers, nr, &symbols);
	lines = lines_of(&k, touched, BEFORE AFTER AREAS, &symbols, functions);
	of = json_integer_value(
		json_array_get(json_object_get(json_object_get(lines, kind), "lines"), 0));
	json_decref(lines);
	json_decref(touched);
	json_decref(functions);
	symbols_free(&symbols);
	return of;
}

static void test_taken(void **state)
{
	static const char *const clear = "clear_page_orig", *const tables = "pgd_alloc",
				 *const batch = "free_pages_and_swap_cache",
				 *const other = "unheard_of";
	/* By who was last, or first; what shows nothing is as most of its page is. */
	const char *const table[] = {"0", clear,  clear, NULL, "0", clear, tables, NULL,
				     "0", tables, other, NULL, "0", clear, other,  NULL};
	const char *const batches[] = {"0",   clear, batch, NULL,  "0",		clear,
				       clear, NULL,  "1",   clear, "copy_page", NULL};
	/* Behind a pgd of two pages; behind no table, and behind the second of two. */
	const char *const pgd[] = {"0", clear, tables, NULL, "1", clear, clear, NULL};
	const char *const cleared[] = {"0",    clear, clear, NULL,  "2",   clear, batch,
				       NULL,   "3",   clear, clear, NULL,  "5",	  clear,
				       tables, NULL,  "6",   clear, clear, NULL};
	const char *const unknown[] = {"0", clear, clear, NULL, "0", clear, other, NULL};
	const char *const stack[] = {"0", clear, other, "ffff800082a38000",
				     "0", clear, clear, NULL};
	const char *const slab[] = {"0", "allocate_slab", other, NULL};

	(void)state;
	assert_int_equal(lines_by(table, 4, "page-tables"), 4);
	assert_int_equal(lines_by(batches, 3, "mmu-gather"), 2);
	assert_int_equal(lines_by(batches, 3, "user"), 1);
	assert_int_equal(lines_by(pgd, 2, "page-tables"), 2);
	assert_int_equal(lines_by(cleared, 5, "raw-pages"), 3);
	assert_int_equal(lines_by(unknown, 2, "raw-pages"), 2);
	assert_int_equal(lines_by(stack, 2, "stack"), 2);
	assert_int_equal(lines_by(slab, 1, "slab"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_touched), cmocka_unit_test(test_many),
		cmocka_unit_test(test_kinds),	cmocka_unit_test(test_refused),
		cmocka_unit_test(test_joined),	cmocka_unit_test(test_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
