// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/counts.h"

#include <stdlib.h>
#include <string.h>

#include "runners/exact/turns.h"

#define BUCKETS 65536

struct block {
	struct code code;
	uint64_t own;	    /* executed within operations, over the run */
	size_t index;	    /* of its tallies */
	struct block *next; /* in its bucket */
};

/*
 * How often a vCPU executed a block. All are gone through at each end of an operation and of an
 * interrupt, so they are side by side. Of one vCPU translated code counts; of several we do, who
 * are told which.
 */
struct tally {
	const uint64_t *count; /* since ever; NULL: it is */
	uint64_t executed;
	uint64_t seen; /* of which accounted for */
	struct block *block;
};

struct cpu {
	struct tally *all; /* of all blocks, in the order of their making */
	bool inside;	   /* an operation */
	enum counts_whose whose;
	const struct retry *retry; /* a branch that it has executed, and not what follows; NULL */
};

/* One iteration's figures, as in the output. */
struct iteration {
	uint64_t insn, user, interrupt, interrupts, classes[NR_INSN_CLASSES];
	uint64_t switches, aside; /* to another task or back, and insn of the other */
};

static struct {
	struct block *bucket[BUCKETS];
	size_t nr_blocks, blocks_room;
	struct cpu cpu[TURNS_VCPUS];
	unsigned int nr_cpus;

	struct iteration *iterations;
	size_t nr, room;
	bool begun; /* the iteration after those */
} counts = {.nr_cpus = 1};

void counts_vcpus(unsigned int nr)
{
	counts.nr_cpus = nr;
}

static void add_tallies(struct block *block)
{
	bool more = counts.nr_blocks == counts.blocks_room;
	struct cpu *cpu;

	block->index = counts.nr_blocks++;
	if (more)
		counts.blocks_room += BUCKETS;
	for (cpu = counts.cpu; cpu < counts.cpu + counts.nr_cpus; cpu++) {
		if (more)
			cpu->all = realloc(cpu->all, counts.blocks_room * sizeof(*cpu->all));
		if (!cpu->all)
			abort();
		cpu->all[block->index] = (struct tally){.block = block};
	}
	if (counts.nr_cpus == 1)
		counts.cpu[0].all[block->index].count = api_count(COUNTS_FIRST + block->index);
}

/* What has been counted, since ever. */
static uint64_t counted(const struct tally *t)
{
	return t->count ? *t->count : t->executed;
}

size_t counts_block(const struct code *code)
{
	struct block **bucket = &counts.bucket[(code->addr >> 1 ^ code->addr >> 17) % BUCKETS];
	struct block *block;

	for (block = *bucket; block; block = block->next)
		if (block->code.addr == code->addr && block->code.insns == code->insns &&
		    block->code.lengths == code->lengths &&
		    !memcmp(block->code.classes, code->classes, sizeof(code->classes)))
			return block->index;
	block = calloc(1, sizeof(*block));
	if (!block)
		abort();
	block->code = *code;
	add_tallies(block);
	block->next = *bucket;
	*bucket = block;
	return block->index;
}

static bool is_own(const struct cpu *cpu)
{
	return cpu->inside && cpu->whose == COUNTS_OWN;
}

/* What is executed behind a branch says whether it was taken; an interrupt comes in between. */
static void look_behind(struct cpu *cpu, uint64_t addr)
{
	if (!is_own(cpu) || (addr != cpu->retry->taken && addr != cpu->retry->not_taken))
		return;
	counts.iterations[counts.nr].classes[INSN_EXCLUSIVE_FAILED] += addr == cpu->retry->taken;
	cpu->retry = NULL;
}

static void on_block(unsigned int vcpu, void *userdata)
{
	struct cpu *cpu = &counts.cpu[turns_vcpu()];
	struct tally *t = &cpu->all[(uintptr_t)userdata];

	(void)vcpu;
	t->executed++;
	if (cpu->retry)
		look_behind(cpu, t->block->code.addr);
	turns_ran(t->block->code.insns);
}

void counts_at(struct qemu_plugin_insn *insn, size_t block)
{
	if (counts.nr_cpus == 1)
		api_add_at(insn, COUNTS_FIRST + block, 1);
	else
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_block, QEMU_PLUGIN_CB_NO_REGS,
						       (void *)(uintptr_t)block);
}

static void add_own(struct iteration *it, struct block *block, uint64_t executed)
{
	size_t i;

	block->own += executed;
	it->insn += executed * block->code.insns;
	/* Of one vCPU others are counted, and told apart: where a child does its part in the op. */
	it->aside += it->switches % 2 && counts.nr_cpus == 1 ? executed * block->code.insns : 0;
	for (i = 0; i < NR_INSN_CLASSES; i++)
		it->classes[i] += executed * block->code.classes[i];
}

/* Everything that the vCPU executed since the last call is whose it was said to be. */
static void account(struct cpu *cpu)
{
	struct iteration *it = &counts.iterations[counts.nr];
	struct tally *t;
	uint64_t now, executed;

	for (t = cpu->all; t < cpu->all + counts.nr_blocks; t++) {
		now = counted(t);
		executed = now - t->seen;
		if (!executed)
			continue;
		t->seen = now;
		if (cpu->whose == COUNTS_INTERRUPT)
			it->interrupt += executed * t->block->code.insns;
		else if (cpu->whose == COUNTS_OTHERS)
			it->aside += executed * t->block->code.insns;
		else if (!(t->block->code.addr & KERNEL))
			it->user += executed * t->block->code.insns;
		else
			add_own(it, t->block, executed);
	}
}

/* Forgets what was executed outside of operations. */
static void skip(struct cpu *cpu)
{
	struct tally *t;

	for (t = cpu->all; t < cpu->all + counts.nr_blocks; t++)
		t->seen = counted(t);
}

static bool cut_short(void)
{
	unsigned int i;

	for (i = 0; i < counts.nr_cpus; i++)
		if (counts.cpu[i].inside)
			return true;
	return false;
}

void counts_run(void)
{
	struct block *block;
	size_t b;
	unsigned int i;

	for (i = 0; i < counts.nr_cpus; i++)
		counts.cpu[i].inside = false;
	counts.nr = 0;
	counts.begun = false;
	for (b = 0; b < BUCKETS; b++)
		for (block = counts.bucket[b]; block; block = block->next)
			block->own = 0;
}

/* The next iteration's figures, zeroed. */
static bool begin_iteration(void)
{
	struct iteration *more;

	if (counts.begun)
		return true;
	if (counts.nr == counts.room) {
		more = realloc(counts.iterations, (counts.room + 64) * sizeof(*more));
		if (!more)
			return false;
		counts.iterations = more;
		counts.room += 64;
	}
	memset(&counts.iterations[counts.nr], 0, sizeof(*counts.iterations));
	counts.begun = true;
	return true;
}

bool counts_start(unsigned int vcpu)
{
	struct cpu *cpu = &counts.cpu[vcpu];

	if (!begin_iteration())
		return false;
	skip(cpu);
	cpu->inside = true;
	cpu->whose = COUNTS_OWN;
	cpu->retry = NULL;
	return true;
}

void counts_go_on(unsigned int vcpu, enum counts_whose whose)
{
	account(&counts.cpu[vcpu]);
	counts.cpu[vcpu].whose = whose;
}

void counts_interrupted(unsigned int vcpu)
{
	counts_go_on(vcpu, COUNTS_INTERRUPT);
	counts.iterations[counts.nr].interrupts++;
}

void counts_resumed(unsigned int vcpu, size_t block)
{
	struct tally *t = &counts.cpu[vcpu].all[block];

	counts_go_on(vcpu, COUNTS_OWN);
	/* It is about to be counted, and is the interrupt's. */
	counts.iterations[counts.nr].interrupt += t->block->code.insns;
	t->seen++;
}

void counts_switched(unsigned int vcpu, enum counts_whose whose)
{
	counts_go_on(vcpu, whose);
	counts.iterations[counts.nr].switches++;
}

void counts_sent_ipi(unsigned int vcpu)
{
	if (is_own(&counts.cpu[vcpu]))
		counts.iterations[counts.nr].classes[INSN_IPI]++;
}

void counts_exclusive(unsigned int vcpu, const struct retry *retry)
{
	struct cpu *cpu = &counts.cpu[vcpu];

	if (!is_own(cpu))
		return;
	/* What came behind the one before was not seen. */
	counts.iterations[counts.nr].classes[INSN_EXCLUSIVE_UNKNOWN] += !retry + !!cpu->retry;
	cpu->retry = retry;
}

void counts_stop(unsigned int vcpu)
{
	if (!counts.cpu[vcpu].inside)
		return;
	account(&counts.cpu[vcpu]);
	counts.cpu[vcpu].inside = false;
}

bool counts_begun(void)
{
	return counts.begun;
}

bool counts_sample(void)
{
	if (!counts.begun || cut_short())
		return false;
	counts.begun = false;
	counts.nr++;
	return true;
}

bool counts_inside(unsigned int vcpu)
{
	return counts.cpu[vcpu].inside;
}

static void print_classes(FILE *out, const uint64_t *classes)
{
	size_t i;

	for (i = 0; i < NR_INSN_CLASSES; i++)
		fprintf(out, ",%llu", (unsigned long long)classes[i]);
}

static void print_turns(FILE *out)
{
	const struct iteration *it;
	const char *comma = "";

	fprintf(out, ",\"turns\":[");
	for (it = counts.iterations; it < counts.iterations + counts.nr; it++) {
		fprintf(out, "%s[%llu,%llu]", comma, (unsigned long long)it->switches,
			(unsigned long long)it->aside);
		comma = ",";
	}
	fprintf(out, "]");
}

void counts_print(FILE *out)
{
	const struct iteration *it;
	const struct block *block;
	const char *comma = "";
	uint64_t classes[NR_INSN_CLASSES];
	size_t i, b;

	fprintf(out, "\"iterations\":[");
	for (it = counts.iterations; it < counts.iterations + counts.nr; it++) {
		fprintf(out, "%s[%llu,%llu,%llu,%llu", comma, (unsigned long long)it->insn,
			(unsigned long long)it->user, (unsigned long long)it->interrupt,
			(unsigned long long)it->interrupts);
		print_classes(out, it->classes);
		fprintf(out, "]");
		comma = ",";
	}
	fprintf(out, "],\"blocks\":[");
	comma = "";
	for (b = counts.nr_blocks; b-- > 0;) {
		block = counts.cpu[0].all[b].block;
		if (!block->own)
			continue;
		for (i = 0; i < NR_INSN_CLASSES; i++)
			classes[i] = block->code.classes[i];
		/* JSON has no unsigned integers: an address of the kernel is a negative number. */
		fprintf(out, "%s[%lld,%u,%llu,\"", comma, (long long)block->code.addr,
			block->code.insns, (unsigned long long)block->own);
		for (i = 0; i < block->code.insns; i++)
			fprintf(out, "%x", (unsigned int)(block->code.lengths >> 4 * i & 15));
		fprintf(out, "\"");
		print_classes(out, classes);
		fprintf(out, "]");
		comma = ",";
	}
	fprintf(out, "]");
	print_turns(out);
}
