// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/kernel/mapped.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/harness/kernel/kcore.h"
#include "common/io.h"
#include "common/record.h"

/* Of descriptors: what says that there is one, that it is a page though tables may follow, that it
 * is of all address spaces, and where it leads. Arm ARM (DDI 0487), D8.3; Intel SDM, volume 3, 4.5.
 */
#if defined(__aarch64__)
#define IS_THERE(d)  ((d)&1)
#define IS_BLOCK(d)  (((d)&3) == 1)
#define IS_OF_ALL(d) (!((d) >> 11 & 1))
#define LEADS(d)     ((d)&0xfffffffff000ULL)
#else
#define IS_THERE(d)  ((d)&1)
#define IS_BLOCK(d)  ((d) >> 7 & 1)
#define IS_OF_ALL(d) ((d) >> 8 & 1)
#define LEADS(d)     ((d)&0xffffffffff000ULL)
#endif

/* Addresses alike, from .. to - 1. */
struct stretch {
	uint64_t from, to;
	unsigned int shift;
	bool of_all;
};

struct walk {
	struct kcore kcore;
	unsigned int page; /* log2 of its bytes */
	struct stretch last;
	FILE *out;
};

static void put_last(struct walk *w)
{
	const struct stretch *s = &w->last;

	if (s->to && (s->shift != w->page || !s->of_all))
		fprintf(w->out, "mapped %llx %llx %u %c;", (unsigned long long)s->from,
			(unsigned long long)s->to, s->shift, s->of_all ? 'g' : 'o');
}

static void add(struct walk *w, uint64_t vaddr, unsigned int shift, bool of_all)
{
	struct stretch *s = &w->last;
	uint64_t end = vaddr + (1ULL << shift);

	if (s->to == vaddr && s->shift == shift && s->of_all == of_all) {
		s->to = end;
		return;
	}
	put_last(w);
	*s = (struct stretch){vaddr, end, shift, of_all};
}

/* Ordinary pages, of a table of the last level. */
static void walk_last(struct walk *w, const uint64_t *table, size_t nr, uint64_t vaddr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (IS_THERE(table[i]))
			add(w, vaddr + ((uint64_t)i << w->page), w->page, IS_OF_ALL(table[i]));
}

/* The entries from first on of the table at paddr, of which one maps 1 << shift bytes; vaddr is
 * that of entry 0. */
static void walk_table(struct walk *w, uint64_t paddr, uint64_t vaddr, unsigned int shift,
		       size_t first, size_t nr)
{
	uint64_t *table = calloc(nr, sizeof(*table)), at;
	size_t i;

	if (table && kcore_read_physical(&w->kcore, paddr, table, nr * sizeof(*table))) {
		if (shift == w->page)
			walk_last(w, table, nr, vaddr);
		for (i = first; i < nr && shift != w->page; i++) {
			at = vaddr + ((uint64_t)i << shift);
			if (!IS_THERE(table[i]))
				continue;
			if (IS_BLOCK(table[i]))
				add(w, at, shift, IS_OF_ALL(table[i]));
			else
				walk_table(w, LEADS(table[i]), at, shift - (w->page - 3), 0,
					   1UL << (w->page - 3));
		}
	}
	free(table);
}

/* A number that the kernel has written down; dflt if it has not. */
static uint64_t noted(const char *info, const char *name, int base, uint64_t dflt)
{
	const char *at = strstr(info, name);

	return at ? strtoull(at + strlen(name), NULL, base) : dflt;
}

/* Bits of an address that are translated; the upper half of x86-64's root is the kernel's. */
static unsigned int address_bits(const char *info)
{
#if defined(__aarch64__)
	return 64 - (unsigned int)noted(info, "NUMBER(TCR_EL1_T1SZ)=0x", 16, 16);
#else
	return noted(info, "NUMBER(pgtable_l5_enabled)=", 10, 0) ? 57 : 48;
#endif
}

static uint64_t physical(const struct kcore *k, uint64_t vaddr)
{
	const Elf64_Phdr *p;

	for (p = k->segment; p < k->segment + k->nr; p++)
		if (p->p_type == PT_LOAD && ~p->p_paddr && vaddr >= p->p_vaddr &&
		    vaddr - p->p_vaddr < p->p_memsz)
			return p->p_paddr + (vaddr - p->p_vaddr);
	return 0;
}

static void walk_kernel(struct walk *w)
{
	static char info[8192];
	unsigned int bits, shift;
	uint64_t root;
	size_t nr;

	if (!kcore_vmcoreinfo(&w->kcore, info, sizeof(info)))
		return;
	root = physical(&w->kcore, noted(info, "SYMBOL(swapper_pg_dir)=", 16, 0));
	bits = address_bits(info);
	if (!root || bits > 57)
		return;
	for (shift = w->page; shift + (w->page - 3) < bits;)
		shift += w->page - 3;
	nr = 1UL << (bits - shift);
	fprintf(w->out, "page %u;", w->page);
#if defined(__aarch64__)
	walk_table(w, root, ~0ULL << bits, shift, 0, nr);
#else
	walk_table(w, root, ~0ULL << bits, shift, nr / 2, nr);
#endif
	put_last(w);
}

bool mapped_send(int fd)
{
	struct walk w = {
		.page = (unsigned int)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE))};
	char *text = NULL, *line;
	size_t size;
	bool ok;

	w.out = open_memstream(&text, &size);
	if (!w.out)
		return false;
	if (kcore_open(&w.kcore)) {
		walk_kernel(&w);
		kcore_close(&w.kcore);
	}
	fclose(w.out);
	line = json_dumps(json_pack("{s:s,s:s}", "type", "mapped", "text", text), RECORD_DUMP);
	ok = line && io_write_all(fd, line, strlen(line)) && io_write_all(fd, "\n", 1);
	free(line);
	free(text);
	return ok;
}
