// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A call is seen twice: translated code adds to a count at the instruction that calls, and the
 * first instruction of a function calls us. If the count has not moved, the function was reached by
 * a jump. That way neither the register that has the target need be read, which not every QEMU
 * lets, nor need a jump be followed that may not be taken.
 */
#include "runners/exact/calls.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runners/exact/entries.h"
#include "runners/exact/home/function_at.h"
#include "runners/exact/insn/flow.h"
#include "runners/exact/stack.h"

#define ONE_CALL (1ULL << 32) /* what is added for a call, and the caller below it */

/* Counts that translated code adds to. */
enum {
	KERNEL_INSNS = 0, /* whole blocks, as they begin */
	USER_BLOCKS,
	CALLS
};

static struct {
	const struct target *target;
	struct function_at *function;
	uint32_t nr; /* a function is the number of its first instruction in there, from 1 */
	bool *inner; /* nr + 1: whether it calls what follows the call, as far as we know */

	bool inside;
	uint64_t insns, user, calls; /* of the counts, what has been seen */
	uint64_t kept;		     /* calls under way in what is interrupted */
} calls;

static uint64_t count(size_t index)
{
	return *api_count(index);
}

bool calls_know(const struct target *target, int fd)
{
	struct stat st;

	calls.target = target;
	if (fstat(fd, &st) || st.st_size < (off_t)sizeof(*calls.function))
		return false;
	free(calls.function);
	calls.function = malloc((size_t)st.st_size);
	if (!calls.function || pread(fd, calls.function, (size_t)st.st_size, 0) != st.st_size)
		return false;
	calls.nr = (uint32_t)((size_t)st.st_size / sizeof(*calls.function));
	free(calls.inner);
	calls.inner = calloc(calls.nr + 1, sizeof(*calls.inner));
	return calls.inner;
}

/* The last one that begins at or before an address, from 1; 0 if there is none. */
static uint32_t last_before(uint64_t addr)
{
	uint32_t low = 0, high = calls.nr, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (calls.function[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The function that an address is in. */
static uint32_t function_of(uint64_t addr)
{
	uint32_t i = last_before(addr);

	return i && calls.function[i - 1].of != calls.function[i - 1].addr
		       ? last_before(calls.function[i - 1].of)
		       : i;
}

static uint64_t address_of(uint32_t function)
{
	return function ? calls.function[function - 1].addr : 0;
}

/* Whether a function begins at an address, and not what is only a part of one. */
static bool is_function(uint64_t addr)
{
	uint32_t i = last_before(addr);

	return i && calls.function[i - 1].addr == addr && calls.function[i - 1].of == addr;
}

/* What was executed up to here, but for the instruction that is about to be, is the top's. */
static void spend(void)
{
	uint64_t now = count(KERNEL_INSNS);

	if (now != calls.insns)
		stack_ran(now - calls.insns);
	calls.insns = now;
}

/* The same with that instruction, which is a block, and has not been counted yet. */
static void spend_all(void)
{
	uint64_t now = count(KERNEL_INSNS) + 1;

	stack_ran(now - calls.insns);
	calls.insns = now;
}

static void look_at_user(void)
{
	uint64_t now = count(USER_BLOCKS);

	if (now == calls.user)
		return;
	calls.user = now;
	spend();
	stack_user();
	calls.calls = count(CALLS);
}

/* Calls that were made, and have not arrived. */
static uint64_t under_way(void)
{
	return count(CALLS) - calls.calls;
}

static void on_arrival(unsigned int vcpu, void *userdata)
{
	uint64_t made;

	(void)vcpu;
	if (!calls.inside)
		return;
	look_at_user();
	made = under_way();
	calls.calls += made;
	/* Of one that was made twice, as it was interrupted, the sum is no caller. */
	if (made >> 32 == 1)
		stack_in((uint32_t)made);
	spend();
	if (made)
		stack_called((uint32_t)(uintptr_t)userdata);
	else
		stack_reached((uint32_t)(uintptr_t)userdata);
}

static void on_inner_call(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	if (!calls.inside)
		return;
	look_at_user();
	stack_in((uint32_t)(uintptr_t)userdata);
	stack_inner();
}

static void on_drop_caller(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	(void)userdata;
	if (calls.inside)
		stack_drop_caller();
}

static void on_drop_inner(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	if (calls.inside)
		stack_drop_inner((uintptr_t)userdata);
}

static void on_return(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	if (!calls.inside)
		return;
	look_at_user();
	stack_in((uint32_t)(uintptr_t)userdata);
	spend_all();
	stack_return();
}

static void on_enter(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	if (!calls.inside)
		return;
	look_at_user();
	spend();
	stack_enter((uint32_t)(uintptr_t)userdata, under_way());
	calls.calls = count(CALLS);
}

static void on_leave(unsigned int vcpu, void *userdata)
{
	uint64_t kept;

	(void)vcpu;
	(void)userdata;
	if (!calls.inside)
		return;
	spend_all();
	if (stack_leave(&kept))
		calls.calls = count(CALLS) - kept;
}

bool calls_begin(uint64_t addr, const uint8_t *bytes, size_t size)
{
	return is_function(addr) || calls.target->flow(addr, bytes, size).kind == FLOW_RETURN;
}

static void call_us(struct qemu_plugin_insn *insn, qemu_plugin_vcpu_udata_cb_t fn,
		    uintptr_t userdata)
{
	qemu_plugin_register_vcpu_insn_exec_cb(insn, fn, QEMU_PLUGIN_CB_NO_REGS, (void *)userdata);
}

static void call_at(struct qemu_plugin_insn *insn, uint64_t next, uint64_t target,
		    uint32_t function)
{
	if (!target || is_function(target) || function_of(target) != function) {
		api_add_at(insn, CALLS, ONE_CALL + function);
		return;
	}
	call_us(insn, on_inner_call, function);
	if (target == next || target == next + 1)
		calls.inner[function] = true;
}

/*
 * What leaves the stack is where to return to, and not what the function keeps there: at its first
 * instruction; and where it fills the processor's own stack of returns, by calls of what follows
 * them, but for an INT3.
 */
static void drop_at(struct qemu_plugin_insn *insn, uint64_t addr, uint64_t words, uint32_t function)
{
	if (is_function(addr) && words == 1)
		call_us(insn, on_drop_caller, 0);
	else if (calls.inner[function])
		call_us(insn, on_drop_inner, words);
}

void calls_at(struct qemu_plugin_insn *insn, uint64_t addr, const uint8_t *bytes, size_t size)
{
	struct flow flow = calls.target->flow(addr, bytes, size);
	uint32_t function = function_of(addr);
	enum entry_kind kind;

	if (entries_find(addr, bytes, &kind))
		call_us(insn, on_enter, function);
	else if (is_function(addr))
		call_us(insn, on_arrival, function);
	if (flow.kind == FLOW_RETURN)
		call_us(insn, on_return, function);
	else if (flow.kind == FLOW_CALL)
		call_at(insn, addr + size, flow.value, function);
	else if (flow.kind == FLOW_DROP)
		drop_at(insn, addr, flow.value, function);
}

void calls_leave(struct qemu_plugin_insn *insn)
{
	call_us(insn, on_leave, 0);
}

void calls_block(struct qemu_plugin_insn *insn, const struct code *code)
{
	if (code->addr & KERNEL)
		api_add_at(insn, KERNEL_INSNS, code->insns);
	else
		api_add_at(insn, USER_BLOCKS, 1);
}

void calls_run(void)
{
	calls.inside = false;
	stack_run();
}

void calls_start(void)
{
	calls.inside = true;
	calls.insns = count(KERNEL_INSNS);
	calls.user = count(USER_BLOCKS);
	calls.calls = count(CALLS);
	stack_start();
}

/* An interrupt ends with an instruction that leaves the kernel, at which on_leave() was called. */
void calls_own(bool own)
{
	if (!own) {
		look_at_user();
		spend();
		calls.kept = under_way();
	}
	stack_interrupt(!own);
	calls.calls = count(CALLS) - (own ? calls.kept : 0);
}

void calls_stop(void)
{
	if (calls.inside)
		spend();
	calls.inside = false;
}

void calls_print(FILE *out)
{
	fprintf(out, ",\"calls\":");
	stack_print(out, address_of);
}
