// SPDX-License-Identifier: GPL-2.0-or-later
/* Made-up programs, executed an instruction at a time as QEMU tells the plugin of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/calls/calls.h"
#include "runners/exact/calls.h"
#include "runners/exact/entries.h"
#include "runners/exact/home/function_at.h"
#include "runners/exact/home/paths.h"
#include "runners/exact/stack.h"
#include "tests/unit/runners/printed_as.h"

#define K	0xffffffff80000000ULL
#define CODE_A	(K + 0x1000)
#define CODE_B	(K + 0x2000)
#define CODE_C	(K + 0x3000)
#define CODE_D	(K + 0x4000)
#define COLD	(K + 0x5000) /* a part of CODE_A */
#define IRQ	(K + 0x8080) /* in the middle of VECTORS */
#define FAULT	(K + 0x8100)
#define VECTORS (K + 0x8000)
#define USER	0x400000ULL

#define NOP   0xd503201f
#define RET   0xd65f03c0
#define RETAA 0xd65f0bff
#define BLR   0xd63f0020
#define ERET  0xd69f03e0

/* What is called and counted at an instruction. */
struct qemu_plugin_insn {
	qemu_plugin_vcpu_udata_cb_t fn[4];
	void *userdata[4];
	size_t nr_fn, add[4], nr_adds;
	uint64_t more[4];
};

static uint64_t counted[8];

void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_vcpu_udata_cb_t cb,
					    enum qemu_plugin_cb_flags flags, void *userdata)
{
	(void)flags;
	insn->fn[insn->nr_fn] = cb;
	insn->userdata[insn->nr_fn++] = userdata;
}

const uint64_t *api_count(size_t index)
{
	return &counted[index];
}

void api_add_at(struct qemu_plugin_insn *insn, size_t index, uint64_t more)
{
	insn->add[insn->nr_adds] = index;
	insn->more[insn->nr_adds++] = more;
}

/* Executes an instruction, which is a block. */
static void step(uint64_t addr, const void *bytes, size_t size)
{
	struct qemu_plugin_insn insn = {0};
	const struct code code = {.addr = addr, .insns = 1};
	const uint32_t eret = ERET;
	size_t i;

	if (addr & KERNEL)
		calls_at(&insn, addr, bytes, size);
	if (size == sizeof(eret) && !memcmp(bytes, &eret, size))
		calls_leave(&insn);
	calls_block(&insn, &code);
	for (i = 0; i < insn.nr_fn; i++)
		insn.fn[i](0, insn.userdata[i]);
	for (i = 0; i < insn.nr_adds; i++)
		counted[insn.add[i]] += insn.more[i];
}

static void a64(uint64_t addr, uint32_t insn)
{
	step(addr, &insn, sizeof(insn));
}

static uint32_t bl(uint64_t from, uint64_t to)
{
	return 0x94000000 | ((uint32_t)(to - from) >> 2 & 0x3ffffff);
}

static void know(const char *target)
{
	static const struct function_at at[] = {
		{CODE_A, CODE_A}, {CODE_B, CODE_B}, {CODE_C, CODE_C},
		{CODE_D, CODE_D}, {COLD, CODE_A},   {VECTORS, VECTORS},
	};
	int fd = memfd_create("functions", MFD_CLOEXEC);

	assert_int_equal(write(fd, at, sizeof(at)), sizeof(at));
	assert_true(calls_know(target_find(target), fd));
	close(fd);
	calls_run();
	calls_start();
}

#define A "-2147479552"
#define B "-2147475456"
#define C "-2147471360"
#define D "-2147467264"
#define V "-2147450880"

/* From user space a calls itself twice; a function of its own is reached by its register. */
static void test_recursion(void **state)
{
	(void)state;
	know("aarch64");
	a64(USER, NOP);
	a64(CODE_A, NOP);
	a64(CODE_A + 4, bl(CODE_A + 4, CODE_A));
	a64(CODE_A, NOP);
	a64(CODE_A + 4, bl(CODE_A + 4, CODE_A));
	a64(CODE_A, NOP);
	a64(COLD, NOP);
	a64(CODE_A + 8, RET);
	/* A jump to what follows a call is no return from it. */
	a64(CODE_A + 8, RET);
	a64(CODE_A + 8, BLR);
	a64(CODE_B, NOP);
	a64(CODE_B + 4, RETAA);
	a64(CODE_A + 12, NOP);
	a64(USER, NOP);
	a64(CODE_A, NOP);
	calls_stop();
	assert_printed(calls_print, ",\"calls\":{\"op\":[[-1," A ",5,2],[0," A ",3,1],[1," A
				    ",3,1],[0," B ",2,1]],\"interrupts\":[],\"cut\":0,\"odd\":0}");
}

/* a calls b, which jumps to c, which jumps to d, which returns to a. */
static void test_tail(void **state)
{
	(void)state;
	know("aarch64");
	a64(CODE_A, NOP);
	a64(CODE_A + 4, bl(CODE_A + 4, CODE_B));
	a64(CODE_B, NOP);
	a64(CODE_C, NOP);
	a64(CODE_C + 4, NOP);
	a64(CODE_D, NOP);
	/* ... but for a loop of jumps, which is no longer path. */
	a64(CODE_C, NOP);
	a64(CODE_D, NOP);
	a64(CODE_D + 4, RET);
	a64(CODE_A + 8, bl(CODE_A + 8, CODE_C));
	a64(CODE_C, NOP);
	/* Its own first instruction again, as a loop or after a fault, is no call. */
	a64(CODE_C, NOP);
	a64(CODE_C + 4, RET);
	a64(CODE_A + 12, NOP);
	calls_stop();
	assert_printed(calls_print,
		       ",\"calls\":{\"op\":[[-1," A ",4,1],[0," B ",1,1],[1," C ",3,1],[2," D
		       ",3,2],[0," C ",3,1]],\"interrupts\":[],\"cut\":0,\"odd\":0}");
}

static void interrupt(void)
{
	calls_own(false);
	a64(IRQ, NOP);
	a64(IRQ + 4, bl(IRQ + 4, CODE_D));
	a64(CODE_D, NOP);
	a64(CODE_D + 4, RET);
	/* A fault in the middle of it, nested. */
	a64(FAULT, NOP);
	a64(FAULT + 4, ERET);
	a64(IRQ + 8, ERET);
	calls_own(true);
}

/* Between a call and the function, in the function, and before what follows a return. */
static void test_interrupts(void **state)
{
	(void)state;
	assert_true(entries_add("interrupt ffffffff80008080"));
	assert_true(entries_add("exception ffffffff80008100"));
	know("aarch64");
	a64(CODE_A, NOP);
	a64(CODE_A + 4, bl(CODE_A + 4, CODE_B));
	interrupt();
	a64(CODE_B, NOP);
	interrupt();
	a64(CODE_B + 4, RET);
	interrupt();
	a64(CODE_A + 8, NOP);
	calls_stop();
	assert_printed(calls_print,
		       ",\"calls\":{\"op\":[[-1," A ",3,1],[0," B ",2,1]],\"interrupts\":[[-1," V
		       ",9,3],[0," D ",6,3],[0," V ",6,3]],\"cut\":0,\"odd\":0}");
}

/* A fault in b, whose handler calls c; b goes on. One from user space, which is left for it. */
static void test_exceptions(void **state)
{
	(void)state;
	know("aarch64");
	a64(CODE_A, NOP);
	a64(CODE_A + 4, bl(CODE_A + 4, CODE_B));
	a64(CODE_B, NOP);
	a64(FAULT, NOP);
	a64(FAULT + 4, bl(FAULT + 4, CODE_C));
	a64(CODE_C, NOP);
	a64(CODE_C + 4, RET);
	a64(FAULT + 8, ERET);
	a64(CODE_B, NOP);
	a64(CODE_B + 4, RET);
	/* Another one is between a call and the function. */
	a64(CODE_A + 8, bl(CODE_A + 8, CODE_C));
	a64(FAULT, NOP);
	a64(FAULT + 4, ERET);
	a64(CODE_C, NOP);
	a64(CODE_C + 4, RET);
	a64(CODE_A + 12, NOP);
	a64(USER, NOP);
	a64(FAULT, NOP);
	a64(FAULT + 4, ERET);
	a64(USER, NOP);
	calls_stop();
	assert_printed(calls_print, ",\"calls\":{\"op\":[[-1," A ",4,1],[0," B ",3,1],[1," V
				    ",3,1],[2," C ",2,1],[0," V ",2,1],[0," C ",2,1],[-1," V
				    ",2,1]],\"interrupts\":[],\"cut\":0,\"odd\":0}");
}

/* A return that is not seen, and a jump into the middle, are noticed at what comes next. */
static void test_odd(void **state)
{
	(void)state;
	know("aarch64");
	a64(CODE_A, NOP);
	a64(CODE_A + 4, bl(CODE_A + 4, CODE_B));
	a64(CODE_B, NOP);
	a64(CODE_A + 8, bl(CODE_A + 8, CODE_C));
	a64(CODE_C, NOP);
	a64(CODE_D + 8, NOP);
	a64(CODE_D + 12, RET);
	a64(CODE_A + 12, NOP);
	calls_stop();
	/* What is executed until then is that of who was on top, or of who is found to be. */
	assert_printed(calls_print, ",\"calls\":{\"op\":[[-1," A ",5,1],[0," B ",0,1],[0," C
				    ",0,1],[2," D ",3,1]],\"interrupts\":[],\"cut\":0,\"odd\":2}");
}

/* Retpolines call a part of themselves, put another address in place, and return there. */
static void test_x86(void **state)
{
	const uint8_t call[] = {0xe8, 0xfb, 0x0f, 0, 0}; /* from CODE_A to CODE_B */
	const uint8_t inner[] = {0xe8, 0x07, 0, 0, 0};	 /* within CODE_B */
	const uint8_t nop[] = {0x90}, ret[] = {0xc3}, ret_imm[] = {0xc2, 8, 0};

	(void)state;
	know("x86_64");
	step(CODE_A, call, sizeof(call));
	step(CODE_B, inner, sizeof(inner));
	step(CODE_B + 12, nop, sizeof(nop));
	step(CODE_B + 16, ret, sizeof(ret));
	step(CODE_C, nop, sizeof(nop));
	step(CODE_C + 1, ret_imm, sizeof(ret_imm));
	step(CODE_A + 5, nop, sizeof(nop));
	calls_stop();
	assert_printed(calls_print, ",\"calls\":{\"op\":[[-1," A ",2,1],[0," B ",3,1],[1," C
				    ",2,1]],\"interrupts\":[],\"cut\":0,\"odd\":0}");
}

/*
 * b returns by a thunk, c, which calls d, which returns to a. That fills the processor's stack of
 * returns, twice, and jumps to d as to any function.
 */
static void test_dropped(void **state)
{
	const uint8_t call[] = {0xe8, 0xfb, 0x0f, 0, 0}; /* the next function */
	const uint8_t behind[] = {0xe8, 1, 0, 0, 0}, nop[] = {0x90}, ret[] = {0xc3};
	const uint8_t drop[] = {0x48, 0x8d, 0x64, 0x24, 8}, drop2[] = {0x48, 0x83, 0xc4, 16};
	int i;

	(void)state;
	know("x86_64");
	step(CODE_A, call, sizeof(call));
	step(CODE_B, nop, sizeof(nop));
	step(CODE_C, call, sizeof(call));
	step(CODE_D, drop, sizeof(drop));
	step(CODE_D + 5, ret, sizeof(ret));
	for (i = 0; i < 2; i++) {
		step(CODE_A + 5, behind, sizeof(behind));
		step(CODE_A + 11, behind, sizeof(behind));
		step(CODE_A + 17, drop2, sizeof(drop2));
	}
	/* What it kept there itself. */
	step(CODE_A + 21, drop2, sizeof(drop2));
	step(CODE_D, nop, sizeof(nop));
	step(CODE_D + 1, ret, sizeof(ret));
	step(USER, nop, sizeof(nop));
	/* From user space there is nobody whose address it could drop. */
	step(CODE_D, drop, sizeof(drop));
	step(CODE_D + 5, ret, sizeof(ret));
	step(CODE_B, nop, sizeof(nop));
	calls_stop();
	assert_printed(calls_print, ",\"calls\":{\"op\":[[-1," A ",8,1],[0," B ",1,1],[1," C
				    ",1,1],[2," D ",2,1],[0," D ",2,1],[-1," D ",2,1],[-1," B
				    ",1,1]],\"interrupts\":[],\"cut\":0,\"odd\":0}");
}

static uint64_t itself(uint32_t function)
{
	return function;
}

/* More paths than there is room for, a deeper stack: nothing is lost, and all return to callers. */
static void test_limits(void **state)
{
	json_t *tree, *op, *node;
	char *text = NULL;
	size_t size;
	uint32_t i, inner;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	stack_run();
	stack_start();
	for (i = 1; i <= 256; i++) {
		stack_called(i);
		for (inner = 1; inner <= 256; inner++) {
			stack_called(1000 + inner);
			stack_ran(1);
			stack_return();
		}
		stack_return();
	}
	stack_user();
	for (i = 0; i < 4000; i++) {
		if (i < 2000)
			stack_called(1);
		stack_ran(1);
		if (i >= 2000)
			stack_return();
	}
	stack_called(1);
	stack_called(STACK_NODES + 20);
	stack_ran(1);
	stack_return();
	stack_ran(1);
	stack_print(out, itself);
	fclose(out);
	tree = json_loads(text, 0, NULL);
	op = json_object_get(tree, "op");
	assert_int_equal(json_array_size(op), STACK_NODES);
	assert_int_equal(calls_insns(op), 256 * 256 + 4000 + 2);
	node = json_array_get(op, 1);
	assert_int_equal(json_integer_value(json_array_get(node, CALLS_INSNS)), 4000 + 2);
	assert_int_equal(json_integer_value(json_object_get(tree, "cut")), 257 + 2000);
	assert_int_equal(json_integer_value(json_object_get(tree, "odd")), 0);
	json_decref(tree);
	free(text);
}

/* Names in place of addresses; and where functions begin, as the plugin is told. */
static void test_paths(void **state)
{
	static const uint64_t wanted[][2] = {
		{0x1000, 0x1000}, {0x2000, 0x2000}, {0x2400, 0x2400}, {0x2480, 0x2480},
		{0x2500, 0x2500}, {0x2580, 0x2580}, {0x2600, 0x2600}, {0x2680, 0x2680},
		{0x2700, 0x2700}, {0x2780, 0x2780}, {0x2800, 0x1000},
	};
	json_t *tree = json_loads("{\"op\":[[-1,4096,7,1],[0,2056,1,1]],\"interrupts\":[[-1,4100,"
				  "5,1]],\"cut\":0,\"odd\":1}",
				  0, NULL);
	/* Two that overlap, the part of f that is elsewhere, one of no name. */
	json_t *blocks = json_loads("[[4096,0,2,\"42\"],[4100,0,1,\"2\"],[10240,0,2,\"f\"],"
				    "[2056,0,1,\"4\"]]",
				    0, NULL);
	json_t *samples = json_loads("[3,5]", 0, NULL), *interrupts = json_loads("[0,5]", 0, NULL);
	int fd = memfd_create("functions", MFD_CLOEXEC);
	uint64_t at[sizeof(wanted) / sizeof(wanted[0]) + 1][2];
	struct symbols symbols;
	json_t *calls;
	char *text;

	(void)state;
	assert_true(symbols_read(&symbols, "1000 f\n2000 __bp_harden_el1_vectors\n2800 f.cold\n"));
	assert_true(paths_tell(&symbols, fd));
	assert_int_equal(pread(fd, at, sizeof(at), 0), sizeof(wanted));
	assert_memory_equal(at, wanted, sizeof(wanted));
	calls = paths_of(tree, blocks, &symbols, samples, interrupts);
	text = json_dumps(calls, JSON_COMPACT);
	assert_string_equal(text,
			    "{\"functions\":[\"f\",\"[unnamed]\"],\"op\":[[-1,0,7,1],[0,1,1,1]],"
			    "\"interrupts\":[[-1,0,5,1]],\"cut\":0,\"odd\":1,\"base\":\"808\","
			    "\"code\":[[1,0,1,\"4\"],[0,2040,2,\"4\"],[0,2044,3,\"2\"],"
			    "[0,8184,2,\"f\"]]}");
	assert_null(calls_fault(calls, samples, interrupts));
	assert_null(paths_of(tree, blocks, &symbols, interrupts, interrupts));
	assert_null(paths_of(tree, blocks, &symbols, samples, samples));
	json_array_remove(blocks, 1);
	assert_null(paths_of(tree, blocks, &symbols, samples, interrupts));
	free(text);
	json_decref(calls);
	json_decref(tree);
	json_decref(blocks);
	json_decref(samples);
	json_decref(interrupts);
	symbols_free(&symbols);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recursion),  cmocka_unit_test(test_tail),
		cmocka_unit_test(test_interrupts), cmocka_unit_test(test_exceptions),
		cmocka_unit_test(test_odd),	   cmocka_unit_test(test_x86),
		cmocka_unit_test(test_dropped),	   cmocka_unit_test(test_limits),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
