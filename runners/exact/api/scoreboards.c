// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inline counts in scoreboards, which have a part for each vCPU, and an instruction's bytes copied
 * (API 3 and later).
 */
#include <stdlib.h>

#include "runners/exact/qemu_api.h"

/*
 * Counts in a scoreboard, side by side: they are read one after the other. QEMU makes room for 16
 * vCPUs from the beginning, and moves nothing until there are more.
 */
#define PIECE	    1024
#define MOST_PIECES 65536

struct qemu_plugin_scoreboard;

typedef struct {
	struct qemu_plugin_scoreboard *score;
	size_t offset; /* bytes */
} qemu_plugin_u64;

struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t size);
void *qemu_plugin_scoreboard_find(struct qemu_plugin_scoreboard *score, unsigned int vcpu);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn,
							 enum qemu_plugin_op op,
							 qemu_plugin_u64 entry, uint64_t imm);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t size);

static struct qemu_plugin_scoreboard *pieces[MOST_PIECES];

void api_insn_bytes(struct qemu_plugin_insn *insn, uint8_t *bytes, size_t size)
{
	qemu_plugin_insn_data(insn, bytes, size);
}

static qemu_plugin_u64 count_of(size_t index)
{
	size_t piece = index / PIECE;

	if (piece >= MOST_PIECES)
		abort();
	if (!pieces[piece])
		pieces[piece] = qemu_plugin_scoreboard_new(PIECE * sizeof(uint64_t));
	return (qemu_plugin_u64){pieces[piece], index % PIECE * sizeof(uint64_t)};
}

const uint64_t *api_count(size_t index)
{
	qemu_plugin_u64 count = count_of(index);
	const char *own = qemu_plugin_scoreboard_find(count.score, 0);

	return (const uint64_t *)(own + count.offset);
}

void api_add_at(struct qemu_plugin_insn *insn, size_t index, uint64_t more)
{
	qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, QEMU_PLUGIN_INLINE_ADD_U64,
							    count_of(index), more);
}
