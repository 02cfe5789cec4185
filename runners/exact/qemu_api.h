/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's plugin interface, declared here because no distribution packages its header: of what is
 * used, first what is the same in all its versions, then what differs, behind functions of ours.
 * The plugin is built once for each family of versions (meson.build says of which files, and
 * emulator.c which QEMU takes it):
 *
 *   1   QEMU 6.2 to 8.2: inline counts are anywhere in memory
 *   3   QEMU 9.1 to 11.0: inline counts are in scoreboards; an instruction's bytes are copied
 *   7   QEMU 11.1: callbacks get data of ours in place of the plugin's id
 *
 * API 2, of QEMU 9.0 alone, had scoreboards and did not copy.
 */
#ifndef RUNNERS_EXACT_QEMU_API_H
#define RUNNERS_EXACT_QEMU_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QEMU_PLUGIN_EXPORT __attribute__((visibility("default")))

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
struct qemu_plugin_hwaddr;
struct qemu_plugin_insn;

enum qemu_plugin_cb_flags {
	QEMU_PLUGIN_CB_NO_REGS,
	QEMU_PLUGIN_CB_R_REGS
};

enum qemu_plugin_op {
	QEMU_PLUGIN_INLINE_ADD_U64
};

enum qemu_plugin_mem_rw {
	QEMU_PLUGIN_MEM_R = 1,
	QEMU_PLUGIN_MEM_W,
	QEMU_PLUGIN_MEM_RW
};

typedef uint32_t qemu_plugin_meminfo_t;
typedef void (*qemu_plugin_vcpu_mem_cb_t)(unsigned int vcpu, qemu_plugin_meminfo_t info,
					  uint64_t vaddr, void *userdata);
typedef void (*qemu_plugin_vcpu_udata_cb_t)(unsigned int vcpu, void *userdata);

void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_vcpu_udata_cb_t cb,
					    enum qemu_plugin_cb_flags flags, void *userdata);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

/* The callback is called after each access, of those rw names, that the instruction makes. */
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, qemu_plugin_vcpu_mem_cb_t cb,
				      enum qemu_plugin_cb_flags flags, enum qemu_plugin_mem_rw rw,
				      void *userdata);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);
unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info); /* log2 of the bytes */

/*
 * Where the address of an access is, of use until the next is asked for. Until QEMU 8.0 memory's
 * physical address is one of QEMU's own, which differs by a constant.
 */
struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t info, uint64_t vaddr);
bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *where);
uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *where);

/* api/exported.c, api/registers.c */

#define API_REGISTERS 32 /* at most */

/* Registers will be read, of these names, NULL behind the last, in the order in which GDB numbers
 * them from 0 on. False if this QEMU lets nobody. */
bool api_registers(const char *const *names);

/*
 * In a callback of one vCPU's with QEMU_PLUGIN_CB_R_REGS, at the first instruction of a translated
 * piece of code: in the middle of one a register need not be where QEMU keeps it. False if this
 * QEMU has not the register, in 64 bits.
 */
bool api_register(unsigned int number, uint64_t *ret);

/* api/ids.c, api/userdata.c */

/* Has fn called for each piece of code that is translated. */
void api_on_translation(qemu_plugin_id_t id, void (*fn)(struct qemu_plugin_tb *tb));

/* Has QEMU forget what it has translated and whom it calls, and then calls fn. */
void api_translate_anew(qemu_plugin_id_t id, void (*fn)(void));

/* api/pointers.c, api/scoreboards.c */

/* Copies at most size of the instruction's bytes. */
void api_insn_bytes(struct qemu_plugin_insn *insn, uint8_t *bytes, size_t size);

/*
 * Where the index-th count is, 0 at first; counts are used in the order of their indices. Ends the
 * process without memory. There is one vCPU, so there is one of each.
 */
const uint64_t *api_count(size_t index);

/* Has translated code add to that count, without a call, before it executes the instruction. */
void api_add_at(struct qemu_plugin_insn *insn, size_t index, uint64_t more);

#endif
