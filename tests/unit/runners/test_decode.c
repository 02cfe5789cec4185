// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runners/exact/insn/decode.h"

enum {
#define X(id, name, group, arch) id = 1u << INSN_##id,
	INSN_DECODED(X)
#undef X
	BOTH = LOAD | STORE,
};

#include "tests/unit/runners/insns_arm64.h"
#include "tests/unit/runners/insns_x86.h"

static void arm64_is_decoded(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(arm64) / sizeof(*arm64); i++)
		if (decode_arm64(arm64[i].insn) != arm64[i].classes)
			fail_msg("%08x %s: classes %#x, not %#x", arm64[i].insn, arm64[i].text,
				 decode_arm64(arm64[i].insn), arm64[i].classes);
}

/* The bytes in an allocation of their size, so that ASan and valgrind see reads behind them. */
static uint8_t *bytes_of(const char *text, size_t *ret_size)
{
	size_t size = (strlen(text) + 1) / 3, i;
	uint8_t *bytes = malloc(size);

	assert_true(bytes || !size);
	for (i = 0; i < size; i++)
		bytes[i] = (uint8_t)strtoul(text + 3 * i, NULL, 16);
	*ret_size = size;
	return bytes;
}

static void x86_is_decoded(void **state)
{
	uint32_t classes;
	uint8_t *bytes;
	size_t i, size;

	(void)state;
	for (i = 0; i < sizeof(x86) / sizeof(*x86); i++) {
		bytes = bytes_of(x86[i].bytes, &size);
		classes = decode_x86(bytes, size);
		free(bytes);
		if (classes != x86[i].classes)
			fail_msg("%s (%s): classes %#x, not %#x", x86[i].text, x86[i].bytes,
				 classes, x86[i].classes);
	}
}

/* Nothing is read behind the end of an instruction that is cut anywhere. */
static void x86_may_be_cut(void **state)
{
	char text[64];
	uint8_t *bytes;
	size_t i, cut, size;

	(void)state;
	for (i = 0; i < sizeof(x86) / sizeof(*x86); i++)
		for (cut = 0; 3 * cut < strlen(x86[i].bytes); cut++) {
			memcpy(text, x86[i].bytes, 3 * cut);
			text[cut ? 3 * cut - 1 : 0] = '\0';
			bytes = bytes_of(text, &size);
			assert_int_equal(size, cut);
			decode_x86(bytes, size);
			free(bytes);
		}
}

/* Every class that an encoding shows is an instruction's above. */
static void all_classes_are_tested(void **state)
{
	uint32_t seen = 0, all = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(arm64) / sizeof(*arm64); i++)
		seen |= arm64[i].classes;
	for (i = 0; i < sizeof(x86) / sizeof(*x86); i++)
		seen |= x86[i].classes;
#define X(id, name, group, arch) all |= id;
	INSN_DECODED(X)
#undef X
	assert_int_equal(seen, all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arm64_is_decoded),
		cmocka_unit_test(x86_is_decoded),
		cmocka_unit_test(x86_may_be_cut),
		cmocka_unit_test(all_classes_are_tested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
