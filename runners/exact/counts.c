// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/counts.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 65536

enum context {
	OWN,	  /* the operation's */
	INTERRUPT /* what an interrupt brought in between */
};

struct block {
	struct code code;
	uint64_t own;	    /* executed within operations, over the run */
	size_t index;	    /* of its tally */
	struct block *next; /* in its bucket */
};

/* How often a block was executed. All are gone through at each end of an operation and of an
 * interrupt, so they are side by side. */
struct tally {
	const uint64_t *count; /* since ever */
	uint64_t seen;	       /* of which accounted for */
	struct block *block;
};

/* One iteration's figures, as in the output. */
struct iteration {
	uint64_t insn, user, interrupt, interrupts, classes[NR_INSN_CLASSES];
	uint64_t switches, aside; /* to another task or back, and insn of the other */
};

static struct {
	struct block *bucket[BUCKETS];
	struct tally *all; /* in the order of their making */
	size_t nr_blocks, blocks_room;

	bool inside; /* an operation */
	struct iteration *iterations;
	size_t nr, room;
} counts;

static void add_tally(struct block *block)
{
	struct tally *more;

	if (counts.nr_blocks == counts.blocks_room) {
		counts.blocks_room += BUCKETS;
		more = realloc(counts.all, counts.blocks_room * sizeof(*more));
		if (!more)
			abort();
		counts.all = more;
	}
	block->index = counts.nr_blocks++;
	counts.all[block->index] =
		(struct tally){.count = api_count(COUNTS_FIRST + block->index), .block = block};
}

size_t counts_block(const struct code *code)
{
	struct block **bucket = &counts.bucket[(code->addr >> 1 ^ code->addr >> 17) % BUCKETS];
	struct block *block;

	for (block = *bucket; block; block = block->next)
		if (block->code.addr == code->addr && block->code.insns == code->insns &&
		    !memcmp(block->code.classes, code->classes, sizeof(code->classes)))
			return block->index;
	block = calloc(1, sizeof(*block));
	if (!block)
		abort();
	block->code = *code;
	add_tally(block);
	block->next = *bucket;
	*bucket = block;
	return block->index;
}

void counts_at(struct qemu_plugin_insn *insn, size_t block)
{
	api_add_at(insn, COUNTS_FIRST + block, 1);
}

/* Everything executed since the last call belongs to context. */
static void account(enum context context)
{
	struct iteration *it = &counts.iterations[counts.nr];
	struct tally *t;
	struct block *block;
	uint64_t now, executed;
	size_t i;

	for (t = counts.all; t < counts.all + counts.nr_blocks; t++) {
		now = *t->count;
		executed = now - t->seen;
		if (!executed)
			continue;
		t->seen = now;
		block = t->block;
		if (context == INTERRUPT) {
			it->interrupt += executed * block->code.insns;
			continue;
		}
		if (!(block->code.addr & KERNEL)) {
			it->user += executed * block->code.insns;
			continue;
		}
		block->own += executed;
		it->insn += executed * block->code.insns;
		it->aside += it->switches % 2 ? executed * block->code.insns : 0;
		for (i = 0; i < NR_INSN_CLASSES; i++)
			it->classes[i] += executed * block->code.classes[i];
	}
}

/* Forgets what was executed outside of operations. */
static void skip(void)
{
	struct tally *t;

	for (t = counts.all; t < counts.all + counts.nr_blocks; t++)
		t->seen = *t->count;
}

void counts_run(void)
{
	size_t b;

	counts.inside = false;
	counts.nr = 0;
	for (b = 0; b < counts.nr_blocks; b++)
		counts.all[b].block->own = 0;
}

/* The next iteration's figures, zeroed. */
static bool make_room(void)
{
	struct iteration *more;

	if (counts.nr == counts.room) {
		more = realloc(counts.iterations, (counts.room + 64) * sizeof(*more));
		if (!more)
			return false;
		counts.iterations = more;
		counts.room += 64;
	}
	memset(&counts.iterations[counts.nr], 0, sizeof(*counts.iterations));
	return true;
}

bool counts_start(void)
{
	if (!make_room())
		return false;
	skip();
	counts.inside = true;
	return true;
}

void counts_interrupted(void)
{
	account(OWN);
	counts.iterations[counts.nr].interrupts++;
}

void counts_resumed(size_t block)
{
	account(INTERRUPT);
	/* It is about to be counted, and is the interrupt's. */
	counts.iterations[counts.nr].interrupt += counts.all[block].block->code.insns;
	counts.all[block].seen++;
}

void counts_switched(void)
{
	account(OWN);
	counts.iterations[counts.nr].switches++;
}

void counts_stop(void)
{
	if (!counts.inside)
		return;
	account(OWN);
	counts.inside = false;
	counts.nr++;
}

bool counts_inside(void)
{
	return counts.inside;
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
		block = counts.all[b].block;
		if (!block->own)
			continue;
		for (i = 0; i < NR_INSN_CLASSES; i++)
			classes[i] = block->code.classes[i];
		/* JSON has no unsigned integers: an address of the kernel is a negative number. */
		fprintf(out, "%s[%lld,%u,%llu", comma, (long long)block->code.addr,
			block->code.insns, (unsigned long long)block->own);
		print_classes(out, classes);
		fprintf(out, "]");
		comma = ",";
	}
	fprintf(out, "]");
	print_turns(out);
}
