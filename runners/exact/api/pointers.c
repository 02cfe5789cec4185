// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inline counts anywhere in memory, and an instruction's bytes where QEMU has them (API 1).
 */
#include <stdlib.h>
#include <string.h>

#include "runners/exact/qemu_api.h"

#define PIECE	    65536 /* counts that are side by side: they are read one after the other */
#define MOST_PIECES 1024

void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						enum qemu_plugin_op op, void *ptr, uint64_t imm);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);

static uint64_t *pieces[MOST_PIECES];

void api_insn_bytes(struct qemu_plugin_insn *insn, uint8_t *bytes, size_t size)
{
	memcpy(bytes, qemu_plugin_insn_data(insn), size);
}

static uint64_t *count_of(size_t index)
{
	size_t piece = index / PIECE;

	if (piece < MOST_PIECES && !pieces[piece])
		pieces[piece] = calloc(PIECE, sizeof(uint64_t));
	if (piece >= MOST_PIECES || !pieces[piece])
		abort();
	return pieces[piece] + index % PIECE;
}

const uint64_t *api_count(size_t index)
{
	return count_of(index);
}

void api_add_at(struct qemu_plugin_insn *insn, size_t index, uint64_t more)
{
	qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
						   count_of(index), more);
}
