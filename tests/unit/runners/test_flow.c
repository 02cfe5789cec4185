// SPDX-License-Identifier: GPL-2.0-or-later
/* Instructions that call and return, and that leave the kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runners/exact/insn/flow.h"
#include "runners/exact/insn/target.h"

static void test_flow(void **state)
{
	static const struct {
		struct flow (*of)(uint64_t addr, const uint8_t *bytes, size_t size);
		size_t size;
		uint8_t bytes[8];
		struct flow flow;
	} insns[] = {
		{flow_arm64, 4, {0x01, 0, 0, 0x94}, {FLOW_CALL, 0x1004}},      /* bl .+4 */
		{flow_arm64, 4, {0xff, 0xff, 0xff, 0x97}, {FLOW_CALL, 0xffc}}, /* bl .-4 */
		{flow_arm64, 4, {0, 0, 0x3f, 0xd6}, {FLOW_CALL, 0}},	       /* blr x0 */
		{flow_arm64, 4, {0x1f, 0x08, 0x3f, 0xd6}, {FLOW_CALL, 0}},     /* blraaz x0 */
		{flow_arm64, 4, {0x41, 0x0c, 0x3f, 0xd7}, {FLOW_CALL, 0}},     /* blrab */
		{flow_arm64, 4, {0xc0, 0x03, 0x5f, 0xd6}, {FLOW_RETURN, 0}},   /* ret */
		{flow_arm64, 4, {0x40, 0x01, 0x5f, 0xd6}, {FLOW_RETURN, 0}},   /* ret x10 */
		{flow_arm64, 4, {0xff, 0x0b, 0x5f, 0xd6}, {FLOW_RETURN, 0}},   /* retaa */
		{flow_arm64, 4, {0xff, 0x0f, 0x5f, 0xd6}, {FLOW_RETURN, 0}},   /* retab */
		{flow_arm64, 4, {0x01, 0, 0, 0x14}, {FLOW_NONE, 0}},	       /* b .+4 */
		{flow_arm64, 4, {0, 0, 0x1f, 0xd6}, {FLOW_NONE, 0}},	       /* br x0 */
		{flow_arm64, 4, {0x01, 0x08, 0x1f, 0xd7}, {FLOW_NONE, 0}},     /* braa */
		{flow_arm64, 4, {0xe0, 0x03, 0x9f, 0xd6}, {FLOW_NONE, 0}},     /* eret */
		{flow_x86, 6, {0x2e, 0xe8, 0xfa, 0xff, 0xff, 0xff}, {FLOW_CALL, 0x1000}},
		{flow_x86, 3, {0xe8, 1, 0}, {FLOW_NONE, 0}}, /* cut at the end of a page */
		{flow_x86, 4, {0x41, 0xff, 0x55, 8}, {FLOW_CALL, 0}},
		{flow_x86, 5, {0xe8, 2, 0, 0, 0}, {FLOW_CALL, 0x1007}},
		{flow_x86, 2, {0xff, 0xd0}, {FLOW_CALL, 0}},
		{flow_x86, 2, {0xff, 0xe0}, {FLOW_NONE, 0}}, /* jmp *%rax */
		{flow_x86, 2, {0xf3, 0xc3}, {FLOW_RETURN, 0}},
		{flow_x86, 2, {0x48, 0xcf}, {FLOW_NONE, 0}},		  /* iretq */
		{flow_x86, 4, {0x48, 0x83, 0xc4, 0x78}, {FLOW_DROP, 15}}, /* add $120, %rsp */
		{flow_x86, 4, {0x48, 0x83, 0xc4, 0x80}, {FLOW_NONE, 0}},  /* add $-128, %rsp */
		{flow_x86, 4, {0x48, 0x83, 0xc4, 12}, {FLOW_NONE, 0}},
		{flow_x86, 4, {0x48, 0x83, 0xec, 8}, {FLOW_NONE, 0}}, /* sub */
		{flow_x86, 7, {0x48, 0x81, 0xc4, 0, 1, 0, 0}, {FLOW_DROP, 32}},
		{flow_x86, 5, {0x48, 0x8d, 0x64, 0x24, 8}, {FLOW_DROP, 1}}, /* lea 8(%rsp), %rsp */
		{flow_x86, 8, {0x48, 0x8d, 0xa4, 0x24, 0, 1, 0, 0}, {FLOW_DROP, 32}},
		{flow_x86, 4, {0x48, 0x8d, 0x64, 0x24}, {FLOW_NONE, 0}}, /* cut */
	};
	struct flow flow;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(insns) / sizeof(insns[0]); i++) {
		flow = insns[i].of(0x1000, insns[i].bytes, insns[i].size);
		assert_int_equal(flow.kind, insns[i].flow.kind);
		assert_int_equal(flow.value, insns[i].flow.value);
	}
}

static void test_leaves(void **state)
{
	const struct target *arm64 = target_find("aarch64"), *x86 = target_find("x86_64");
	const uint8_t eret[] = {0xe0, 0x03, 0x9f, 0xd6}, iretq[] = {0x48, 0xcf}, iretd[] = {0xcf};
	const uint8_t push[] = {0x68, 0, 0x10, 0, 0x81}, push_byte[] = {0x6a, 0x80};

	(void)state;
	assert_true(arm64->leaves_kernel(eret, sizeof(eret)));
	assert_null(arm64->stays);
	assert_true(x86->leaves_kernel(iretq, sizeof(iretq)));
	assert_false(x86->leaves_kernel(iretd, sizeof(iretd)));
	assert_true(x86->stays(push, sizeof(push)));
	assert_false(x86->stays(push_byte, sizeof(push_byte)));
	assert_false(x86->stays(iretq, sizeof(iretq)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flow),
		cmocka_unit_test(test_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
