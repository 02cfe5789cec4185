/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's plugin interface: the installed header where there is one, else our own declarations of
 * version 1 (QEMU 4.2 to 8.2), of what is used here. Above it, what differs between versions.
 */
#ifndef RUNNERS_EXACT_QEMU_API_H
#define RUNNERS_EXACT_QEMU_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_QEMU_PLUGIN_H
#include <qemu-plugin.h>
#else

#define QEMU_PLUGIN_EXPORT  __attribute__((visibility("default")))
#define QEMU_PLUGIN_VERSION 1

typedef uint64_t qemu_plugin_id_t;

typedef struct qemu_info_t {
	const char *target_name; /* "aarch64", "x86_64" */
	struct {
		int min, cur;
	} version;
	bool system_emulation;
	union {
		struct {
			int smp_vcpus, max_vcpus;
		} system;
	};
} qemu_info_t;

struct qemu_plugin_tb;
struct qemu_plugin_insn;

enum qemu_plugin_cb_flags {
	QEMU_PLUGIN_CB_NO_REGS
};

enum qemu_plugin_op {
	QEMU_PLUGIN_INLINE_ADD_U64
};

typedef void (*qemu_plugin_simple_cb_t)(qemu_plugin_id_t id);
typedef void (*qemu_plugin_vcpu_udata_cb_t)(unsigned int vcpu, void *userdata);
typedef void (*qemu_plugin_vcpu_tb_trans_cb_t)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);

void qemu_plugin_reset(qemu_plugin_id_t id, qemu_plugin_simple_cb_t cb);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, qemu_plugin_vcpu_tb_trans_cb_t cb);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_vcpu_udata_cb_t cb,
					    enum qemu_plugin_cb_flags flags, void *userdata);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						enum qemu_plugin_op op, void *ptr, uint64_t imm);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_outs(const char *string);

#endif

#define INSN_BYTES 16 /* an instruction is no longer */

/* The instruction's bytes; returns how many. */
static inline size_t insn_bytes(struct qemu_plugin_insn *insn, uint8_t bytes[INSN_BYTES])
{
	size_t size = qemu_plugin_insn_size(insn);

	size = size < INSN_BYTES ? size : INSN_BYTES;
#if QEMU_PLUGIN_VERSION >= 3
	qemu_plugin_insn_data(insn, bytes, size);
#else
	memcpy(bytes, qemu_plugin_insn_data(insn), size);
#endif
	return size;
}

/* Has everything translated anew; fn registers what is to be called from then on. */
static void (*after_reset)(void);

#if QEMU_PLUGIN_VERSION >= 7

static inline void reset_done(void *userdata)
{
	(void)userdata;
	after_reset();
}

static inline void translate_anew(qemu_plugin_id_t id, void (*fn)(void))
{
	after_reset = fn;
	qemu_plugin_reset(id, reset_done, NULL);
}

#else

static inline void reset_done(qemu_plugin_id_t id)
{
	(void)id;
	after_reset();
}

static inline void translate_anew(qemu_plugin_id_t id, void (*fn)(void))
{
	after_reset = fn;
	qemu_plugin_reset(id, reset_done);
}

#endif

/* A number that translated code adds to, without a call. There is one vCPU. */
#if QEMU_PLUGIN_VERSION >= 2

typedef struct qemu_plugin_scoreboard *count_t;

static inline count_t count_new(void)
{
	return qemu_plugin_scoreboard_new(sizeof(uint64_t));
}

static inline uint64_t count_get(count_t count)
{
	return qemu_plugin_u64_get((qemu_plugin_u64){count, 0}, 0);
}

static inline void count_at(struct qemu_plugin_insn *insn, count_t count)
{
	qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, QEMU_PLUGIN_INLINE_ADD_U64,
							    (qemu_plugin_u64){count, 0}, 1);
}

#else

typedef uint64_t *count_t;

/* Side by side, for they are read one after the other. */
static inline count_t count_new(void)
{
	static count_t next, end;

	if (next == end) {
		next = calloc(65536, sizeof(uint64_t));
		end = next ? next + 65536 : next;
	}
	return next ? next++ : NULL;
}

static inline uint64_t count_get(count_t count)
{
	return *count;
}

static inline void count_at(struct qemu_plugin_insn *insn, count_t count)
{
	qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64, count, 1);
}

#endif

#endif
