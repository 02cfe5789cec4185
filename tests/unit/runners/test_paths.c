// SPDX-License-Identifier: GPL-2.0-or-later
/* Paths of calls: how many there can be, and what they are called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/calls/calls.h"
#include "runners/exact/home/paths.h"
#include "runners/exact/stack.h"

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
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
