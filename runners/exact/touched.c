// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/touched.h"

#include <stdlib.h>
#include <string.h>

#include "runners/exact/printed.h"
#include "runners/exact/where.h"

#define PAGE	4096 /* what lines are put together by, whatever the kernel's pages are */
#define NO_LINE UINT64_MAX

enum {
	READ = 1,
	WRITTEN = 2
};

struct line {
	uint64_t line; /* physical address / LINE */
	struct toucher {
		uint64_t vaddr, insn;
	} first, last;
	uint32_t accesses;
	uint8_t how;
};

static struct {
	bool own;
	struct line *lines; /* of this operation, as they were touched */
	size_t nr, room;
	uint32_t *slots; /* 1 + an index of lines; a power of 2 of them */
	size_t nr_slots;

	struct printed printed; /* of the run's iterations */
} touched;

static void *grow(void *old, size_t size)
{
	void *more = realloc(old, size);

	if (!more)
		abort();
	return more;
}

static size_t slot_of(uint64_t line)
{
	size_t i = (size_t)(line * 0x9e3779b97f4a7c15ULL >> 20) & (touched.nr_slots - 1);

	while (touched.slots[i] && touched.lines[touched.slots[i] - 1].line != line)
		i = (i + 1) & (touched.nr_slots - 1);
	return i;
}

static void make_room(void)
{
	size_t i;

	if (touched.nr < touched.room)
		return;
	touched.room = touched.room ? 2 * touched.room : 1 << 16;
	touched.lines = grow(touched.lines, touched.room * sizeof(*touched.lines));
	touched.nr_slots = 2 * touched.room;
	free(touched.slots);
	touched.slots = grow(NULL, touched.nr_slots * sizeof(*touched.slots));
	memset(touched.slots, 0, touched.nr_slots * sizeof(*touched.slots));
	for (i = 0; i < touched.nr; i++)
		touched.slots[slot_of(touched.lines[i].line)] = (uint32_t)i + 1;
}

static void touch(uint64_t line, uint64_t vaddr, uint64_t insn, uint8_t how)
{
	struct toucher by = {vaddr, insn};
	size_t slot;
	struct line *l;

	make_room();
	slot = slot_of(line);
	if (!touched.slots[slot]) {
		touched.lines[touched.nr++] = (struct line){line, by, by, 0, 0};
		touched.slots[slot] = (uint32_t)touched.nr;
	}
	l = &touched.lines[touched.slots[slot] - 1];
	l->last = by;
	l->how |= how;
	l->accesses++;
}

/* NO_LINE where there is no memory, but a device. */
static uint64_t line_of(qemu_plugin_meminfo_t info, uint64_t vaddr)
{
	const struct where *where = where_is(info, vaddr);

	return where ? where->ppage * (WHERE_PAGE / LINE) + vaddr % WHERE_PAGE / LINE : NO_LINE;
}

static void on_access(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *userdata)
{
	uint64_t last, line;
	uint8_t how;

	(void)vcpu;
	if (!touched.own)
		return;
	how = qemu_plugin_mem_is_store(info) ? WRITTEN : READ;
	line = line_of(info, vaddr);
	if (line == NO_LINE)
		return;
	touch(line, vaddr, (uintptr_t)userdata, how);
	last = vaddr + (1ULL << qemu_plugin_mem_size_shift(info)) - 1;
	if (last / LINE == vaddr / LINE)
		return;
	line = line_of(info, last);
	if (line != NO_LINE)
		touch(line, last, (uintptr_t)userdata, how);
}

void touched_at(struct qemu_plugin_insn *insn, uint64_t addr, const uint8_t *bytes, size_t size)
{
	(void)bytes;
	(void)size;
	qemu_plugin_register_vcpu_mem_cb(insn, on_access, QEMU_PLUGIN_CB_NO_REGS,
					 QEMU_PLUGIN_MEM_RW, (void *)(uintptr_t)addr);
}

void touched_start(void)
{
	touched.nr = 0;
	if (touched.slots)
		memset(touched.slots, 0, touched.nr_slots * sizeof(*touched.slots));
	where_forget();
	touched.own = true;
}

void touched_own(bool own)
{
	touched.own = own;
}

static int by_toucher(const struct toucher *x, const struct toucher *y)
{
	if (x->vaddr / PAGE != y->vaddr / PAGE)
		return x->vaddr < y->vaddr ? -1 : 1;
	return x->insn < y->insn ? -1 : x->insn > y->insn;
}

static int by_page(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int first = by_toucher(&x->first, &y->first);

	return first ? first : by_toucher(&x->last, &y->last);
}

static void print_one(const struct line *from, const struct line *to, const char *comma)
{
	unsigned long long read = 0, written = 0, accesses = 0;
	const struct line *l;

	for (l = from; l < to; l++) {
		read += (l->how & READ) != 0;
		written += (l->how & WRITTEN) != 0;
		accesses += l->accesses;
	}
	/* JSON has no unsigned integers: an address of the kernel is a negative number. */
	fprintf(touched.printed.out, "%s[%lld,%lld,%zu,%llu,%llu,%llu,%lld,%lld]", comma,
		(long long)(from->first.vaddr / PAGE * PAGE), (long long)from->first.insn,
		(size_t)(to - from), read, written, accesses,
		(long long)(from->last.vaddr / PAGE * PAGE), (long long)from->last.insn);
}

void touched_stop(void)
{
	const struct line *from, *to, *end = touched.lines + touched.nr;

	touched.own = false;
	if (!printed_next(&touched.printed))
		return;
	qsort(touched.lines, touched.nr, sizeof(*touched.lines), by_page);
	fprintf(touched.printed.out, "[");
	for (from = touched.lines; from < end; from = to) {
		for (to = from + 1; to < end && !by_page(from, to); to++)
			;
		print_one(from, to, from == touched.lines ? "" : ",");
	}
	fprintf(touched.printed.out, "]");
}

void touched_run(void)
{
	touched.own = false;
	printed_run(&touched.printed);
}

void touched_print(FILE *out)
{
	fprintf(out, ",\"lines\":[%s]", printed_text(&touched.printed));
}
