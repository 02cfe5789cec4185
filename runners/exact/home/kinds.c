// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/home/kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOT_LINEAR   UINT64_MAX
#define USER_END     (1ULL << 63)
#define MOST_FRAMES  (1ULL << 26) /* 256 GiB of 4 KiB */
#define PAGE_STRUCTS 8		  /* the least struct page, and the step of its size */
#define MOST_STRUCT  256

static bool within(uint64_t addr, uint64_t from, uint64_t len)
{
	return addr >= from && addr - from < len;
}

static void add_segment(struct kinds *k, uint64_t vaddr, uint64_t paddr, uint64_t len)
{
	if (k->nr < sizeof(k->segment) / sizeof(k->segment[0]))
		k->segment[k->nr++] = (struct segment){.vaddr = vaddr, .paddr = paddr, .len = len};
}

/* The image is mapped once more, in the middle of memory: the smaller of the two is the image. */
static void find_memory(struct kinds *k)
{
	struct segment *s, *other;

	for (s = k->segment; s < k->segment + k->nr; s++) {
		s->memory = s->paddr != NOT_LINEAR;
		for (other = k->segment; other < k->segment + k->nr; other++)
			if (other != s && other->paddr != NOT_LINEAR && other->len > s->len &&
			    within(s->paddr, other->paddr, other->len))
				s->memory = false;
	}
}

/*
 * x86-64: what each CPU has mapped for the moment of entering the kernel: its stacks for that and
 * for exceptions, its tables of segments and of interrupts (Documentation/arch/x86/x86_64/mm.rst,
 * cpu_entry_area). Per-CPU data, at addresses that /proc/kcore does not name.
 */
static const struct {
	const char *arch;
	struct range range;
} entered[] = {{"x86_64", {0xfffffe0000000000, 0xfffffe8000000000}}};

static struct range entered_of(const struct arch *arch)
{
	size_t i;

	for (i = 0; i < sizeof(entered) / sizeof(entered[0]); i++)
		if (!strcmp(entered[i].arch, arch->name))
			return entered[i].range;
	return (struct range){0};
}

bool kinds_read(struct kinds *k, const struct arch *arch, const char *text)
{
	unsigned long long a, b, c, base = 0, size = 0;
	bool memory = false;
	size_t i;

	*k = (struct kinds){.entered = entered_of(arch)};
	for (; text && *text; text = strchr(text, ';'), text = text ? text + 1 : NULL) {
		if (sscanf(text, "page %llx", &a) == 1)
			k->page = a;
		else if (sscanf(text, "segment %llx %llx %llx", &a, &b, &c) == 3)
			add_segment(k, a, b, c);
		else if (sscanf(text, "value pcpu_base_addr %llx", &a) == 1)
			base = a;
		else if (sscanf(text, "value pcpu_unit_size %llx", &a) == 1)
			size = a & UINT32_MAX;
	}
	find_memory(k);
	for (i = 0; i < k->nr; i++)
		memory |= k->segment[i].memory;
	if (base && size)
		k->per_cpu = (struct range){base, base + size};
	return k->page && memory;
}

/* "y1000u20;": a letter a frame. Moves *text behind the line. */
static bool read_frames(const char **text, char **ret, size_t *ret_nr)
{
	unsigned long long nr, at = 0, sum = 0;
	const char *p;
	char *end;

	for (p = *text; *p && *p != ';'; p = end) {
		nr = strtoull(p + 1, &end, 16);
		if (end == p + 1 || nr > MOST_FRAMES || (sum += nr) > MOST_FRAMES)
			return false;
	}
	*ret = sum && *p ? malloc(sum) : NULL;
	if (!*ret)
		return false;
	for (p = *text; *p != ';'; p = end, at += nr) {
		nr = strtoull(p + 1, &end, 16);
		memset(*ret + at, *p, nr);
	}
	*ret_nr = sum;
	*text = p + 1;
	return true;
}

static void add_range(struct ranges *r, uint64_t from, uint64_t to)
{
	struct range *more = realloc(r->of, (r->nr + 1) * sizeof(*more));

	if (!more)
		return;
	r->of = more;
	r->of[r->nr++] = (struct range){from, to};
}

/* " s0xFROM-0xTO p0xFROM-0xTO" */
static bool read_areas(const char **text, struct moment *m)
{
	const char *end = strchr(*text, ';'), *p = *text;
	unsigned long long from, to;
	char area;

	for (; end && (p = memchr(p, ' ', (size_t)(end - p))); p++)
		if (sscanf(p, " %c0x%llx-0x%llx", &area, &from, &to) == 3)
			add_range(area == 's' ? &m->stacks : &m->per_cpu, from, to);
	*text = end ? end + 1 : *text;
	return end;
}

bool moment_read(struct moment *m, const char **text)
{
	*m = (struct moment){0};
	if (read_frames(text, &m->before, &m->nr_before) &&
	    read_frames(text, &m->after, &m->nr_after) && read_areas(text, m))
		return true;
	moment_free(m);
	return false;
}

void moment_free(struct moment *m)
{
	free(m->before);
	free(m->after);
	free(m->stacks.of);
	free(m->per_cpu.of);
	*m = (struct moment){0};
}

static char use_at(const char *frames, size_t nr, uint64_t frame)
{
	return frame < nr ? frames[frame] : 'x';
}

/*
 * By what the kernel says of a page before the op and, if it was nothing then, after it: page
 * tables and user memory that the op frees are what they were, those that it makes what they are.
 */
static enum data_kind kind_of_frame(const struct moment *m, uint64_t frame)
{
	static const struct {
		char use;
		enum data_kind kind;
	} kinds[] = {
		{'t', DATA_TABLES}, {'s', DATA_SLAB}, {'u', DATA_USER},
		{'p', DATA_CACHE},  {'r', DATA_BOOT},
	};
	char before = use_at(m->before, m->nr_before, frame);
	char after = use_at(m->after, m->nr_after, frame);
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].use == before)
			return kinds[i].kind;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].use == after)
			return kinds[i].kind;
	if (before == 'x' && after == 'x')
		return DATA_OTHER;
	return DATA_RAW;
}

/* Does a segment hold the struct pages of a piece of memory? Its length tells. */
static bool is_memmap(const struct kinds *k, const struct segment *s)
{
	const struct segment *memory;
	uint64_t pages, size;

	for (memory = k->segment; memory < k->segment + k->nr; memory++) {
		pages = memory->memory ? memory->len / k->page : 0;
		for (size = PAGE_STRUCTS; pages && size <= MOST_STRUCT; size += PAGE_STRUCTS)
			if (s->len >= pages * size && s->len - pages * size <= 2 * k->page)
				return true;
	}
	return false;
}

static bool in_range(const struct range *r, uint64_t addr)
{
	return addr >= r->from && addr < r->to;
}

static bool in_ranges(const struct ranges *r, uint64_t addr)
{
	size_t i;

	for (i = 0; i < r->nr; i++)
		if (in_range(&r->of[i], addr))
			return true;
	return false;
}

static const struct segment *segment_of(const struct kinds *k, uint64_t addr, bool linear)
{
	const struct segment *s;

	for (s = k->segment; s < k->segment + k->nr; s++)
		if (linear == (s->paddr != NOT_LINEAR) && within(addr, s->vaddr, s->len))
			return s;
	return NULL;
}

/* Or was: what only the boot needed is freed, and handed out as any other memory. */
static bool in_image(const struct kinds *k, uint64_t paddr)
{
	const struct segment *s;

	for (s = k->segment; s < k->segment + k->nr; s++)
		if (s->paddr != NOT_LINEAR && !s->memory && within(paddr, s->paddr, s->len))
			return true;
	return false;
}

enum data_kind kinds_find(const struct kinds *k, const struct moment *m, uint64_t addr)
{
	const struct segment *s;
	enum data_kind kind;
	uint64_t paddr;

	if (addr < USER_END)
		return DATA_USER;
	if (in_range(&k->per_cpu, addr) || in_range(&k->entered, addr))
		return DATA_PER_CPU;
	s = segment_of(k, addr, true);
	if (s) {
		paddr = s->paddr + (addr - s->vaddr);
		kind = kind_of_frame(m, paddr / k->page);
		return kind == DATA_BOOT && in_image(k, paddr) ? DATA_KERNEL : kind;
	}
	s = segment_of(k, addr, false);
	if (s && is_memmap(k, s))
		return DATA_MEMMAP;
	if (in_ranges(&m->stacks, addr))
		return DATA_STACK;
	if (in_ranges(&m->per_cpu, addr))
		return DATA_PER_CPU;
	return s ? DATA_VMALLOC : DATA_OTHER;
}
