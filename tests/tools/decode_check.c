// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: objdump ... | decode-check arm64|x86_64
 *
 * Compares the decoders of exact mode with objdump. What an instruction's classes should be is
 * derived here from objdump's text alone: its name and the syntax of its operands.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runners/exact/insn/decode.h"

#define MOST_OPERANDS 8
#define MOST_NAMES    256

enum {
	LOAD = 1u << INSN_LOAD,
	STORE = 1u << INSN_STORE,
	ZERO = 1u << INSN_ZERO,
	BOTH = LOAD | STORE,
	ATOMIC = BOTH | 1u << INSN_ATOMIC,
};

struct line {
	uint8_t bytes[16];
	size_t size;
	char *name, *operands;
};

/* Names of instructions; one that ends in * stands for all that begin so. */
struct rule {
	const char *names;
	uint32_t classes;
};

static bool name_matches(const char *name, const char *pattern, size_t len)
{
	if (pattern[len - 1] == '*')
		return !strncmp(name, pattern, len - 1);
	return strlen(name) == len && !memcmp(name, pattern, len);
}

/* Whether names, separated by spaces, has one for this name. */
static bool is_one_of(const char *name, const char *names)
{
	size_t len;

	for (; *names; names += len + strspn(names + len, " ")) {
		len = strcspn(names, " ");
		if (name_matches(name, names, len))
			return true;
	}
	return false;
}

static const struct rule *find_rule(const struct rule *rule, const char *name)
{
	while (rule->names && !is_one_of(name, rule->names))
		rule++;
	return rule->names ? rule : NULL;
}

/* --- arm64 -------------------------------------------------------------------------------------
 */

static const struct rule arm64_rules[] = {
	{"dsb ssbb pssbb dfb", 1u << INSN_DSB},
	{"dmb", 1u << INSN_DMB},
	{"isb", 1u << INSN_ISB},
	{"wfe wfet yield", 1u << INSN_SPIN},
	{"ldclrp* ldsetp* swpp*", ATOMIC | 1u << INSN_OTHER},
	{"ldadd* stadd*", ATOMIC | 1u << INSN_LDADD},
	{"ldclr* stclr*", ATOMIC | 1u << INSN_LDCLR},
	{"ldset* stset*", ATOMIC | 1u << INSN_LDSET},
	{"swp*", ATOMIC | 1u << INSN_SWP},
	{"cas*", ATOMIC | 1u << INSN_CAS},
	{"ldeor* steor*", ATOMIC | 1u << INSN_LDEOR},
	{"ldsm* ldum* stsm* stum*", ATOMIC | 1u << INSN_OTHER},
	{"ic", 1u << INSN_CACHE},
	{"ldx* ldax*", LOAD | 1u << INSN_ATOMIC},
	{"stx* stlx*", STORE | 1u << INSN_ATOMIC | 1u << INSN_EXCLUSIVE},
	{"ld*", LOAD},
	{"st*", STORE},
	{NULL, 0},
};

static const struct rule tlbi_rules[] = {
	{"r*", 1u << INSN_TLBI_RANGE},
	{"vmall* all* paall*", 1u << INSN_TLBI_ALL},
	{"aside*", 1u << INSN_TLBI_ASID},
	{"va* ipas2*", 1u << INSN_TLBI_VA},
	{NULL, 0},
};

/* "vae1is", "vae1osnxs": of the inner or the outer shareable domain. */
static bool is_broadcast(const char *op)
{
	const char *level = strpbrk(op, "0123"), *end = level;

	while (level) { /* the last one: ipas2e1 */
		end = level + 1;
		level = strpbrk(end, "0123");
	}
	return end && (!strncmp(end, "is", 2) || !strncmp(end, "os", 2));
}

static uint32_t arm64_expected(const struct line *line)
{
	const struct rule *rule;
	char *word = line->operands;

	if (is_one_of(line->name, "tlbi dc")) {
		word[strcspn(word, ",")] = '\0';
		if (line->name[0] == 'd')
			return is_one_of(word, "zva gzva") ? STORE | ZERO
			       : is_one_of(word, "gva")	   ? STORE
							   : 1u << INSN_CACHE;
		rule = find_rule(tlbi_rules, word);
		return rule ? rule->classes | 1u << (is_broadcast(word) ? INSN_TLBI_BROADCAST
									: INSN_TLBI_LOCAL)
			    : 0;
	}
	if (!strcmp(line->name, "msr"))
		return !strncmp(word, "icc_sgi", 7) || !strncmp(word, "icc_asgi", 8)
			       ? 1u << INSN_IPI
			       : 0;
	/* cpy and set are names of other instructions too, which have no address. */
	if (is_one_of(line->name, "cpy* set*"))
		return *word != '[' ? 0 : line->name[0] == 'c' ? BOTH : STORE;
	rule = find_rule(arm64_rules, line->name);
	return rule ? rule->classes : 0;
}

/* --- x86-64, in AT&T syntax: the last operand is the destination -------------------------------
 */

static const char x86_prefixes[] = "rep repz repnz data16 data32 addr32 cs ds es fs gs ss rex* bnd "
				   "notrack xacquire xrelease {*";

static const char x86_no_access[] =
	"lea leaw leal leaq nop* prefetch* clflush* clwb cldemote ud0* ud1* "
	"bnd* vgatherpf* vscatterpf*";

/* Whatever their operands are. */
static const struct rule x86_always[] = {
	{"pause", 1u << INSN_SPIN},
	{"mfence", 1u << INSN_MFENCE},
	{"lfence", 1u << INSN_LFENCE},
	{"sfence", 1u << INSN_SFENCE},
	{"cpuid serialize wbinvd wbnoinvd invd rsm", 1u << INSN_SERIALISE},
	{"iret*", LOAD | 1u << INSN_SERIALISE},
	{"invlpg", 1u << INSN_INVLPG},
	{"invlpgb", 1u << INSN_INVLPGB},
	{"invpcid", LOAD | 1u << INSN_INVPCID},
	{"ret* lret* leave*", LOAD},
	{"enter* clzero maskmovq maskmovdqu vmaskmovdqu", STORE},
	{"movdir64b enqcmd*", BOTH},
	{NULL, 0},
};

/* What they do to a destination in memory; others read and write it. */
static const struct rule x86_destinations[] = {
	{"cmpxchg*", BOTH},
	{"xchg*", ATOMIC},
	{"cmpoxadd cmpnoxadd cmpbxadd cmpnbxadd cmpzxadd cmpnzxadd cmpbexadd cmpnbexadd", ATOMIC},
	{"cmpsxadd cmpnsxadd cmppxadd cmpnpxadd cmplxadd cmpnlxadd cmplexadd cmpnlexadd", ATOMIC},
	{"cmp* test* bt btw btl btq scas*", LOAD},
	{"mov* vmov* stos* ins* set* kmov* pextr* vpextr* extractps vextract* vcvtps2ph*", STORE},
	{"vpcompress* vcompress* vpscatter* vscatter* vpmov* vmaskmov* vpmaskmov* vmread*", STORE},
	{"wrss* wruss* tilestored sttilecfg vmptrst sldt* str strw sgdt* sidt* smsw*", STORE},
	{"stmxcsr vstmxcsr fxsave* xsave* fst* fist* fbstp fnst* fnsave* fsave*", STORE},
	{"f* mul* imul* div* idiv* jmp* ljmp* lgdt* lidt* lldt ltr lmsw* verr verw", LOAD},
	{"ldmxcsr vldmxcsr xrstor* vmptrld vmclear vmxon ldtilecfg xlat* ptwrite* aesenc* aesdec*",
	 LOAD},
	{NULL, BOTH},
};

static bool is_branch(const char *name)
{
	return is_one_of(name, "j* call* lcall* ljmp* loop* xbegin*");
}

/* Whether an operand is in memory: (%rax), %gs:0x10, 0x1000, but not %st(1), (%dx) or $1. */
static bool in_memory(const char *name, const char *operand)
{
	if (is_branch(name) && *operand != '*')
		return false;
	if (*operand == '*')
		operand++;
	if (strstr(operand, "(%dx)") || !strncmp(operand, "%st", 3) || *operand == '$')
		return false;
	return strchr(operand, '(') || strchr(operand, ':') || !strchr("%{", *operand);
}

/* Cuts text at its commas outside parentheses; returns how many operands it has. */
static size_t cut_operands(char *text, char *operands[MOST_OPERANDS])
{
	size_t nr = 0;
	int depth = 0;

	text[strcspn(text, "<#")] = '\0';
	text[strcspn(text, " ")] = '\0';
	if (*text)
		operands[nr++] = text;
	for (; *text; text++) {
		depth += (*text == '(') - (*text == ')');
		if (*text == ',' && !depth && nr < MOST_OPERANDS) {
			*text = '\0';
			operands[nr++] = text + 1;
		}
	}
	return nr;
}

/* Steps over prefixes that objdump writes in front of the name; returns whether LOCK is among them.
 */
static bool skip_prefixes(struct line *line)
{
	bool lock = false, prefix = true;

	while (prefix) {
		prefix = !strcmp(line->name, "lock");
		lock |= prefix;
		prefix |= is_one_of(line->name, x86_prefixes);
		if (prefix) {
			line->name = line->operands;
			line->operands += strcspn(line->operands, " ");
			if (*line->operands)
				*line->operands++ = '\0';
			line->operands += strspn(line->operands, " ");
		}
	}
	return lock;
}

/* By the operands that are in memory. */
static uint32_t x86_accesses(const char *name, char *operands[], size_t nr, bool lock)
{
	const struct rule *rule = x86_destinations;
	uint32_t classes = 0;
	size_t i;

	for (i = 0; i + 1 < nr; i++)
		if (in_memory(name, operands[i]))
			classes |= is_one_of(name, "xchg*") ? ATOMIC : LOAD;
	if (!nr || !in_memory(name, operands[nr - 1]))
		return classes;
	if (is_one_of(name, "push* call* lcall*"))
		return LOAD;
	if (is_one_of(name, "pop popw popq"))
		return STORE;
	while (rule->names && !is_one_of(name, rule->names))
		rule++;
	return classes | rule->classes | (lock && rule->classes == BOTH ? ATOMIC : 0);
}

static uint32_t x86_expected(struct line *line)
{
	char *operands[MOST_OPERANDS];
	const struct rule *rule;
	uint32_t classes = 0;
	bool lock = skip_prefixes(line);
	size_t nr = cut_operands(line->operands, operands);

	if (is_one_of(line->name, x86_no_access))
		return 0;
	rule = find_rule(x86_always, line->name);
	if (rule)
		return rule->classes;
	if (nr && !strcmp(line->name, "mov") && !strcmp(operands[nr - 1], "%cr3"))
		return 1u << INSN_CR3;
	if (is_one_of(line->name, "push* call* lcall*"))
		classes = STORE;
	if (is_one_of(line->name, "pop popw popq popf*"))
		classes = LOAD;
	return classes | x86_accesses(line->name, operands, nr, lock);
}

/* --- lines and results -------------------------------------------------------------------------
 */

struct disagreement {
	char *name, *example;
	unsigned long nr;
};

static struct disagreement disagreements[MOST_NAMES];

static void print_classes(FILE *to, uint32_t classes)
{
	static const char *const names[] = {
#define X(id, name, group, arch) name,
		INSN_CLASSES(X)
#undef X
	};
	const char *between = "";
	int i;

	for (i = 0; i < INSN_EXCLUSIVE_FAILED; i++)
		if (classes & 1u << i) {
			fprintf(to, "%s%s", between, names[i]);
			between = "+";
		}
	if (!classes)
		fprintf(to, "none");
}

static void note_disagreement(const struct line *line, const char *text, uint32_t expected,
			      uint32_t got)
{
	struct disagreement *d = disagreements;
	size_t size;
	FILE *to;

	while (d->name && strcmp(d->name, line->name) && d < disagreements + MOST_NAMES - 1)
		d++;
	d->nr++;
	if (d->name)
		return;
	d->name = strdup(line->name);
	to = open_memstream(&d->example, &size);
	if (!d->name || !to)
		abort();
	print_classes(to, got);
	fprintf(to, ", should be ");
	print_classes(to, expected);
	fprintf(to, ": %.*s", (int)strcspn(text, "\n"), text);
	fclose(to);
}

/* The bytes of "48 89 e5", or of "aa0003e0" as a number, least significant first. */
static bool read_bytes(struct line *line, const char *text, bool word)
{
	char *end;
	uint32_t value = (uint32_t)strtoul(text, &end, 16);

	line->size = 0;
	if (word) {
		memcpy(line->bytes, &value, sizeof(value));
		line->size = end - text == 8 ? sizeof(value) : 0;
		return line->size;
	}
	while (end > text && line->size < sizeof(line->bytes)) {
		line->bytes[line->size++] = (uint8_t)value;
		text = end;
		value = (uint32_t)strtoul(text, &end, 16);
	}
	return line->size;
}

/* What objdump writes for what is no instruction. */
static const char no_insn[] = "(* .*";

/* "  12:<tab>bytes<tab>name operands"; false for anything else, and for what is no instruction. */
static bool read_line(struct line *line, char *text, bool word)
{
	char *bytes = strchr(text, '\t');

	line->name = bytes ? strchr(bytes + 1, '\t') : NULL;
	if (!line->name || !read_bytes(line, bytes + 1, word))
		return false;
	*line->name++ = '\0';
	line->name[strcspn(line->name, "\n")] = '\0';
	line->operands = line->name + strcspn(line->name, " \t");
	if (*line->operands)
		*line->operands++ = '\0';
	line->operands += strspn(line->operands, " \t");
	/* TLBIs of CRn 9, for which 2.40 has no names. */
	if (!strcmp(line->name, "sys") && strstr(line->operands, " C9,"))
		return false;
	return !is_one_of(line->name, no_insn) && !strstr(line->name, "bad}") &&
	       /* of the 8087 */ !strstr(line->operands, "only)") &&
	       !strstr(line->operands, "bad)") && !strstr(line->operands, "bad}");
}

static bool agrees(struct line *line, const char *text, bool arm64)
{
	uint32_t expected, got, word;
	size_t skip = 0;

	if (arm64) {
		memcpy(&word, line->bytes, sizeof(word));
		got = decode_arm64(word);
		expected = arm64_expected(line);
	} else {
		/* objdump takes FWAIT for the beginning of the instruction behind it. */
		while (line->bytes[skip] == 0x9b && line->size > skip + 1)
			skip++;
		got = decode_x86(line->bytes + skip, line->size - skip);
		expected = x86_expected(line);
	}
	if (got != expected)
		note_disagreement(line, text, expected, got);
	return got == expected;
}

int main(int argc, char **argv)
{
	unsigned long checked = 0, wrong = 0;
	char *text = NULL, *copy = NULL;
	bool arm64 = argc == 2 && !strcmp(argv[1], "arm64");
	struct disagreement *d;
	struct line line;
	size_t size = 0;

	if (!arm64 && (argc != 2 || strcmp(argv[1], "x86_64"))) {
		fprintf(stderr, "usage: objdump ... | decode-check arm64|x86_64\n");
		return 2;
	}
	while (getline(&text, &size, stdin) > 0) {
		free(copy);
		copy = strdup(text);
		if (!copy || !read_line(&line, text, arm64))
			continue;
		checked++;
		wrong += !agrees(&line, copy, arm64);
	}
	for (d = disagreements; d < disagreements + MOST_NAMES && d->name; d++) {
		printf("%7lu %-12s %s\n", d->nr, d->name, d->example);
		free(d->name);
		free(d->example);
	}
	printf("checked %lu instructions, %lu disagree\n", checked, wrong);
	free(copy);
	free(text);
	return wrong != 0;
}
