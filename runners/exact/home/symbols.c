// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/home/symbols.h"

#include <stdlib.h>
#include <string.h>

#define COLD ".cold"

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	/* The text's order: qsort() does not keep it. */
	return x->name < y->name ? -1 : x->name > y->name;
}

static size_t count_lines(const char *text)
{
	size_t nr = 1;

	while ((text = strchr(text, '\n'))) {
		text++;
		nr++;
	}
	return nr;
}

static void drop_twins(struct symbols *s)
{
	size_t i, kept = 0;

	for (i = 0; i < s->nr; i++)
		if (!kept || s->symbol[i].addr != s->symbol[kept - 1].addr)
			s->symbol[kept++] = s->symbol[i];
	s->nr = kept;
}

bool symbols_read(struct symbols *s, const char *text)
{
	char *rest, *line, *end;
	uint64_t addr;

	*s = (struct symbols){.text = strdup(text)};
	if (s->text)
		s->symbol = calloc(count_lines(text), sizeof(*s->symbol));
	rest = s->text;
	while (s->symbol && (line = strsep(&rest, "\n"))) {
		addr = strtoull(line, &end, 16);
		if (end == line || *end != ' ' || !addr || !end[1])
			continue;
		s->symbol[s->nr++] = (struct symbol){addr, end + 1};
	}
	if (!s->nr) {
		symbols_free(s);
		return false;
	}
	qsort(s->symbol, s->nr, sizeof(*s->symbol), by_address);
	drop_twins(s);
	return true;
}

const struct symbol *symbols_find(const struct symbols *s, uint64_t addr)
{
	size_t low = 0, high = s->nr, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (s->symbol[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low && addr - s->symbol[low - 1].addr < SYMBOL_REACH ? &s->symbol[low - 1] : NULL;
}

json_t *symbols_index(const struct symbols *s)
{
	json_t *index = json_object();
	size_t i;

	for (i = s->nr; i-- > 0;)
		json_object_set_new_nocheck(index, s->symbol[i].name, json_integer((json_int_t)i));
	return index;
}

const struct symbol *symbols_whole(const struct symbols *s, const json_t *index,
				   const struct symbol *symbol)
{
	const char *cold = strstr(symbol->name, COLD);
	char *whole = cold ? strndup(symbol->name, (size_t)(cold - symbol->name)) : NULL;
	const json_t *of = whole ? json_object_get(index, whole) : NULL;

	free(whole);
	return of ? &s->symbol[json_integer_value(of)] : symbol;
}

static const struct symbol *find_name(const struct symbols *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->nr; i++)
		if (!strcmp(s->symbol[i].name, name))
			return &s->symbol[i];
	return NULL;
}

#define VECTOR	     128
#define NR_VECTORS   16
#define HARD_VECTORS "__bp_harden_el1_vectors"
#define NR_OWN_MODE  8 /* the first of them, for exceptions taken from the kernel itself */

/* Vectors first .. last - 1 of a table, each at offset bytes behind its beginning. Returns how
 * many.
 */
static size_t write_vectors(FILE *out, uint64_t table, unsigned int first, unsigned int last,
			    unsigned int offset)
{
	unsigned int i, kind;

	for (i = first; i < last; i++) {
		kind = i % 4; /* synchronous, IRQ, FIQ, SError */
		fprintf(out, "%s %llx\n", kind == 1 || kind == 2 ? "interrupt" : "exception",
			(unsigned long long)table + i * VECTOR + offset);
	}
	return last - first;
}

/*
 * arm64: tables of 16 vectors, four for each of: EL1 with SP_EL0, EL1, EL0, EL0 in AArch32 (ARM DDI
 * 0487, D1.3.1). Where branch predictors are hardened against user space there are more tables,
 * whose vectors for EL1 do the work and whose vectors for EL0 go on to the second instruction of
 * the first table's.
 */
static size_t write_tables(const struct symbols *s, FILE *out)
{
	const struct symbol *vectors = find_name(s, "vectors");
	const struct symbol *hard = find_name(s, HARD_VECTORS);
	uint64_t table;
	size_t nr;

	if (!vectors)
		return 0;
	nr = write_vectors(out, vectors->addr, 0, NR_VECTORS, 0);
	nr += write_vectors(out, vectors->addr, NR_OWN_MODE, NR_VECTORS, 4);
	for (table = hard ? hard->addr : 0; table && symbols_find(s, table) == hard;
	     table += NR_VECTORS * VECTOR)
		nr += write_vectors(out, table, 0, NR_OWN_MODE, 0);
	return nr;
}

size_t symbols_user_vectors(const struct symbols *s, const struct symbol *symbol, uint64_t *ret,
			    size_t most)
{
	uint64_t table = symbol->addr;
	size_t nr = 0, i;

	if (strcmp(symbol->name, HARD_VECTORS))
		return 0;
	for (; symbols_find(s, table) == symbol; table += NR_VECTORS * VECTOR)
		for (i = NR_OWN_MODE; i < NR_VECTORS && nr < most; i++)
			ret[nr++] = table + i * VECTOR;
	return nr;
}

/* x86-64: the names of arch/x86/include/asm/idtentry.h, since 5.8. */
static size_t write_idt(const struct symbols *s, FILE *out)
{
	size_t i, nr = 0;
	bool any = false;
	const char *name;

	for (i = 0; i < s->nr; i++) {
		name = s->symbol[i].name;
		if (!strcmp(name, "irq_entries_start") && i + 1 < s->nr) {
			fprintf(out, "stubs %llx %llx\n", (unsigned long long)s->symbol[i].addr,
				(unsigned long long)s->symbol[i + 1].addr);
			any = true;
		} else if (!strncmp(name, "asm_sysvec_", 11) || !strcmp(name, "asm_exc_nmi")) {
			fprintf(out, "interrupt %llx\n", (unsigned long long)s->symbol[i].addr);
		} else if (!strncmp(name, "asm_exc_", 8)) {
			fprintf(out, "exception %llx\n", (unsigned long long)s->symbol[i].addr);
		} else {
			continue;
		}
		nr++;
	}
	return any ? nr : 0;
}

/*
 * How the entries of an architecture's kernels are found, and what each switch from one task to
 * another goes through, once.
 */
static const struct {
	const char *arch;
	size_t (*write)(const struct symbols *s, FILE *out);
	const char *switches;
} entries[] = {{"arm64", write_tables, "cpu_switch_to"}, {"x86_64", write_idt, "__switch_to_asm"}};

/* Where a kernel does not name it, nobody waits for it: what needs it is void then. */
static size_t write_switch(const struct symbols *s, const char *name, FILE *out)
{
	const struct symbol *symbol = find_name(s, name);

	if (symbol)
		fprintf(out, "switch %llx\n", (unsigned long long)symbol->addr);
	return symbol != NULL;
}

size_t symbols_write_entries(const struct symbols *s, const struct arch *arch, FILE *out)
{
	size_t i, nr = 0;

	for (i = 0; i < sizeof(entries) / sizeof(entries[0]) && !nr; i++) {
		if (strcmp(entries[i].arch, arch->name))
			continue;
		nr = entries[i].write(s, out);
		nr += nr ? write_switch(s, entries[i].switches, out) : 0;
	}
	return nr;
}

void symbols_free(struct symbols *s)
{
	free(s->text);
	free(s->symbol);
	*s = (struct symbols){0};
}
