// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/target.h"

#include <string.h>

#include "common/marker.h"
#include "runners/exact/decode.h"

#define ERET 0xd69f03e0

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

static bool is_eret(const uint8_t *bytes, size_t size)
{
	(void)size;
	return word(bytes) == ERET;
}

static bool is_iretq(const uint8_t *bytes, size_t size)
{
	return size == 2 && bytes[0] == 0x48 && bytes[1] == 0xcf;
}

static const struct target targets[] = {
	{"aarch64", find_arm64, classes_arm64, is_eret, flow_arm64, 0},
	{"x86_64", marker_x86, decode_x86, is_iretq, flow_x86, 15},
};

const struct target *target_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (!strcmp(name, targets[i].name))
			return &targets[i];
	return NULL;
}
