// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/whose.h"

#include "runners/exact/counts.h"
#include "runners/exact/parts.h"
#include "runners/exact/turns.h"

/* Bytes: what is kept of a task at a switch has fewer, and tasks are farther apart. */
#define NEAR 256

static struct cpu {
	unsigned int depth; /* inside an interrupt: exceptions taken and not returned from */
	bool switching;	    /* between the beginning of a switch and its first load */
	bool away;	    /* another task than the operation's goes on */
	uint64_t task;	    /* the operation's; while it is away */
	uint64_t stored;    /* what was stored to last */
} cpus[TURNS_VCPUS];

static unsigned int nr_cpus = 1;

void whose_vcpus(unsigned int nr)
{
	nr_cpus = nr;
}

void whose_start(unsigned int vcpu)
{
	cpus[vcpu] = (struct cpu){0};
}

static void switch_begins(unsigned int vcpu)
{
	if (nr_cpus == 1)
		counts_switched(vcpu, COUNTS_OWN);
	cpus[vcpu].switching = true;
	cpus[vcpu].stored = 0;
}

void whose_enter(unsigned int vcpu, enum entry_kind kind)
{
	struct cpu *cpu = &cpus[vcpu];

	if (kind == ENTRY_SWITCH) {
		switch_begins(vcpu);
	} else if (cpu->away) {
		return;
	} else if (cpu->depth) {
		cpu->depth++;
	} else if (kind == ENTRY_INTERRUPT) {
		counts_interrupted(vcpu);
		parts_own(false);
		cpu->depth = 1;
	}
}

void whose_leave(unsigned int vcpu, uintptr_t block)
{
	struct cpu *cpu = &cpus[vcpu];

	if (cpu->away || !cpu->depth || --cpu->depth)
		return;
	counts_resumed(vcpu, block);
	parts_own(true);
}

void whose_access(unsigned int vcpu, uint64_t vaddr, bool store)
{
	struct cpu *cpu = &cpus[vcpu];

	if (!cpu->switching)
		return;
	if (store) {
		cpu->stored = vaddr;
		return;
	}
	cpu->switching = false;
	if (!cpu->away) {
		cpu->away = true;
		cpu->task = cpu->stored;
		counts_switched(vcpu, COUNTS_OTHERS);
	} else if (vaddr - cpu->task + NEAR < 2 * NEAR) {
		cpu->away = false;
		counts_switched(vcpu, cpu->depth ? COUNTS_INTERRUPT : COUNTS_OWN);
	}
}
