// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/exact_patch.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/msg.h"

#define A64_RET 0xd65f03c0
#define A64_B	0x14000000
/* x16 is nobody's where a function returns. */
#define A64_MOVZ_X16	    0xd2800010u /* | turns << 5: how often */
#define A64_SUB_X16_1	    0xd1000610u /* one less */
#define A64_CBNZ_X16_BEFORE 0xb5fffff0u /* back to that, unless it was the last time */

/*
 * Room for a patch: the second half of the vector for FIQs from AArch32 programs, of which there
 * are none. It belongs to the symbol "vectors", which little else does.
 */
#define CAVE 0x708

/* The image is linked at a multiple of 128 MiB, and is smaller. */
static uint32_t *insn_at(char *image, uint64_t addr)
{
	return (uint32_t *)(image + (addr & ((128 << 20) - 1)));
}

static uint32_t branch(uint64_t from, uint64_t to)
{
	return A64_B | ((uint32_t)((int64_t)(to - from) >> 2) & 0x3ffffff);
}

int exact_patch(const char *in, const char *out, uint64_t from, uint64_t vectors, int turns)
{
	uint64_t cave = vectors + CAVE;
	FILE *file = fopen(in, "rb");
	char *image = calloc(1, 128 << 20);
	size_t size = file && image ? fread(image, 1, 128 << 20, file) : 0;
	uint64_t limit = from + 4096;

	if (!size)
		return err("%s: cannot be read", in), 1;
	fclose(file);
	while (from < limit && *insn_at(image, from) != A64_RET)
		from += 4;
	if (from == limit)
		return err("the function does not return"), 1;
	*insn_at(image, from) = branch(from, cave);
	*insn_at(image, cave) = A64_MOVZ_X16 | (uint32_t)turns << 5;
	*insn_at(image, cave + 4) = A64_SUB_X16_1;
	*insn_at(image, cave + 8) = A64_CBNZ_X16_BEFORE;
	*insn_at(image, cave + 12) = A64_RET;
	file = fopen(out, "wb");
	if (!file || fwrite(image, 1, size, file) != size || fclose(file))
		return err("%s: cannot be written", out), 1;
	free(image);
	return 0;
}
