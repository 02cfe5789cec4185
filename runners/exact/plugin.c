// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * faultbench-exact.so: a QEMU plugin that counts the instructions a guest executes between the
 * markers of common/marker.h. Arguments, both descriptors that QEMU inherits:
 *
 *   entries=FD  read to its end at the first marker: where the kernel enters on interrupts and on
 *               exceptions, a line each: "interrupt ADDR", "exception ADDR", "stubs FROM TO"
 *               (interrupts; each stub in this range begins with a PUSH)
 *   counts=FD   a line of JSON for each run:
 *               {"entries": how many lines of them were understood,
 *                "iterations": [[insn, user, interrupt, interrupts, class, class ...], ...],
 *                "blocks": [[address, insns, executed, class, class ...], ...]}
 *               insn: kernel instructions of the operation itself, without interrupts; user: those
 *               of user space; interrupt: what interrupts took, and how many there were; classes:
 *               of the kernel's own, in the order of common/insn_class.h. A block is a piece of
 *               kernel code; executed counts over all iterations, without interrupts.
 *
 * A block is the longest piece of a translation of which only the last instruction can leave it
 * before its end: one that accesses memory, and may fault. So counting blocks as they begin counts
 * the same instructions as counting each of them, at a fraction of the cost.
 *
 * Until the first marker nothing is counted, and the guest boots at full speed; then QEMU is made
 * to translate everything anew, with counting.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "common/marker.h"
#include "runners/exact/decode.h"
#include "runners/exact/qemu_api.h"

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

#define BUCKETS	     65536
#define MAX_ENTRIES  1024
#define KERNEL	     (1ULL << 63)
#define ERET	     0xd69f03e0
#define PAGE	     4096 /* of x86 */
#define LONGEST_INSN 15	  /* of x86, bytes */

enum context {
	OWN,	  /* the operation's */
	INTERRUPT /* what an interrupt brought in between */
};

struct block {
	uint64_t addr;
	uint32_t insns;
	uint8_t classes[NR_INSN_CLASSES]; /* instructions of each */
	uint64_t own;			  /* executed within operations, over the run */
	size_t index;			  /* of its tally */
	struct block *next;		  /* in its bucket */
};

/* How often a block was executed. All are gone through at each end of an operation and of an
 * interrupt, so they are side by side. */
struct tally {
	count_t count; /* since ever */
	uint64_t seen; /* of which accounted for */
	struct block *block;
};

/* One iteration's figures, as in the output. */
struct iteration {
	uint64_t insn, user, interrupt, interrupts, classes[NR_INSN_CLASSES];
};

enum entry_kind {
	ENTRY_INTERRUPT,
	ENTRY_EXCEPTION
};

static struct {
	bool arm64;
	int entries_fd, counts_fd;
	bool counting; /* translations made now count */
	bool asked;    /* ... or will, once QEMU has forgotten the others */

	struct {
		uint64_t addr;
		enum entry_kind kind;
	} entry[MAX_ENTRIES];
	size_t nr_entries, nr_understood;
	uint64_t stubs_from, stubs_to;

	struct block *bucket[BUCKETS];
	struct tally *all; /* in the order of their making */
	size_t nr_blocks, blocks_room;

	bool inside;	    /* an operation */
	unsigned int depth; /* inside an interrupt: exceptions taken and not returned from */
	struct iteration *iterations;
	size_t nr, room;
} plugin;

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	qemu_plugin_outs("faultbench-exact: ");
	qemu_plugin_outs(text);
	qemu_plugin_outs("\n");
}

/* Everything executed since the last call belongs to context. */
static void account(enum context context)
{
	struct iteration *it = &plugin.iterations[plugin.nr];
	struct tally *t;
	struct block *block;
	uint64_t now, executed;
	size_t i;

	for (t = plugin.all; t < plugin.all + plugin.nr_blocks; t++) {
		now = count_get(t->count);
		executed = now - t->seen;
		if (!executed)
			continue;
		t->seen = now;
		block = t->block;
		if (context == INTERRUPT) {
			it->interrupt += executed * block->insns;
			continue;
		}
		if (!(block->addr & KERNEL)) {
			it->user += executed * block->insns;
			continue;
		}
		block->own += executed;
		it->insn += executed * block->insns;
		for (i = 0; i < NR_INSN_CLASSES; i++)
			it->classes[i] += executed * block->classes[i];
	}
}

/* Forgets what was executed outside of operations. */
static void skip(void)
{
	struct tally *t;

	for (t = plugin.all; t < plugin.all + plugin.nr_blocks; t++)
		t->seen = count_get(t->count);
}

static void print_classes(FILE *out, const uint64_t *classes)
{
	size_t i;

	for (i = 0; i < NR_INSN_CLASSES; i++)
		fprintf(out, ",%llu", (unsigned long long)classes[i]);
}

static void print_run(FILE *out)
{
	const struct iteration *it;
	const struct block *block;
	const char *comma = "";
	uint64_t classes[NR_INSN_CLASSES];
	size_t i, b;

	fprintf(out, "{\"entries\":%zu,\"iterations\":[", plugin.nr_understood);
	for (it = plugin.iterations; it < plugin.iterations + plugin.nr; it++) {
		fprintf(out, "%s[%llu,%llu,%llu,%llu", comma, (unsigned long long)it->insn,
			(unsigned long long)it->user, (unsigned long long)it->interrupt,
			(unsigned long long)it->interrupts);
		print_classes(out, it->classes);
		fprintf(out, "]");
		comma = ",";
	}
	fprintf(out, "],\"blocks\":[");
	comma = "";
	for (b = plugin.nr_blocks; b-- > 0;) {
		block = plugin.all[b].block;
		if (!block->own)
			continue;
		for (i = 0; i < NR_INSN_CLASSES; i++)
			classes[i] = block->classes[i];
		/* JSON has no unsigned integers: an address of the kernel is a negative number. */
		fprintf(out, "%s[%lld,%u,%llu", comma, (long long)block->addr, block->insns,
			(unsigned long long)block->own);
		print_classes(out, classes);
		fprintf(out, "]");
		comma = ",";
	}
	fprintf(out, "]}\n");
}

static void write_run(void)
{
	char *text = NULL, *rest;
	size_t size = 0;
	ssize_t put;
	FILE *out = open_memstream(&text, &size);

	if (out) {
		print_run(out);
		fclose(out);
	}
	for (rest = text; size; rest += put, size -= (size_t)put) {
		put = write(plugin.counts_fd, rest, size);
		if (put < 0 && errno == EINTR)
			put = 0;
		if (put < 0) {
			say("counts cannot be written: %s", strerror(errno));
			break;
		}
	}
	free(text);
}

static void begin_run(void)
{
	size_t b;

	plugin.inside = false;
	plugin.nr = 0;
	for (b = 0; b < plugin.nr_blocks; b++)
		plugin.all[b].block->own = 0;
}

/* The next iteration's figures, zeroed. */
static bool make_room(void)
{
	struct iteration *more;

	if (plugin.nr == plugin.room) {
		more = realloc(plugin.iterations, (plugin.room + 64) * sizeof(*more));
		if (!more)
			return false;
		plugin.iterations = more;
		plugin.room += 64;
	}
	memset(&plugin.iterations[plugin.nr], 0, sizeof(*plugin.iterations));
	return true;
}

static void start(void)
{
	if (!plugin.counting || !make_room()) {
		say("an operation began before counting did");
		return;
	}
	skip();
	plugin.inside = true;
	plugin.depth = 0;
}

static void stop(void)
{
	if (!plugin.inside)
		return;
	account(OWN);
	plugin.inside = false;
	plugin.nr++;
}

static void read_entries(void);
static void begin_counting(void);

static qemu_plugin_id_t own_id;

static void on_marker(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	switch ((uintptr_t)userdata) {
	case MARKER_RUN:
		begin_run();
		if (!plugin.asked) {
			plugin.asked = true;
			read_entries();
			translate_anew(own_id, begin_counting);
		}
		break;
	case MARKER_START:
		start();
		break;
	case MARKER_STOP:
		stop();
		break;
	case MARKER_END:
		write_run();
		break;
	default:
		break;
	}
}

/* The kernel is entered; userdata says why. */
static void on_entry(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	if (!plugin.inside)
		return;
	if (plugin.depth) {
		plugin.depth++;
	} else if ((enum entry_kind)(uintptr_t)userdata == ENTRY_INTERRUPT) {
		account(OWN);
		plugin.iterations[plugin.nr].interrupts++;
		plugin.depth = 1;
	}
}

/* The kernel is left by the instruction that follows, which is the block userdata. */
static void on_exit_insn(unsigned int vcpu, void *userdata)
{
	struct block *block = userdata;

	(void)vcpu;
	if (!plugin.inside || !plugin.depth || --plugin.depth)
		return;
	account(INTERRUPT);
	/* It is about to be counted, and is the interrupt's last. */
	plugin.iterations[plugin.nr].interrupt += block->insns;
	plugin.all[block->index].seen++;
}

/* Reads a line of entries; returns false for one that is not understood. */
static bool read_entry(const char *line)
{
	unsigned long long a, b;

	if (sscanf(line, "stubs %llx %llx", &a, &b) == 2) {
		plugin.stubs_from = a;
		plugin.stubs_to = b;
		return true;
	}
	if (plugin.nr_entries == MAX_ENTRIES)
		return false;
	if (sscanf(line, "interrupt %llx", &a) == 1)
		plugin.entry[plugin.nr_entries].kind = ENTRY_INTERRUPT;
	else if (sscanf(line, "exception %llx", &a) == 1)
		plugin.entry[plugin.nr_entries].kind = ENTRY_EXCEPTION;
	else
		return false;
	plugin.entry[plugin.nr_entries++].addr = a;
	return true;
}

static void read_entries(void)
{
	FILE *in = fdopen(plugin.entries_fd, "r");
	char line[128];

	while (in && fgets(line, sizeof(line), in)) {
		if (read_entry(line))
			plugin.nr_understood++;
		else
			say("not an entry: %s", line);
	}
	if (in)
		fclose(in);
}

/* Whether an instruction is where the kernel enters. */
static bool find_entry(uint64_t addr, const uint8_t *bytes, enum entry_kind *ret_kind)
{
	size_t i;

	if (addr >= plugin.stubs_from && addr < plugin.stubs_to) {
		*ret_kind = ENTRY_INTERRUPT;
		return bytes[0] == 0x6a || bytes[0] == 0x68;
	}
	for (i = 0; i < plugin.nr_entries; i++) {
		if (plugin.entry[i].addr == addr) {
			*ret_kind = plugin.entry[i].kind;
			return true;
		}
	}
	return false;
}

/* An instruction of arm64. */
static uint32_t word(const uint8_t *bytes)
{
	uint32_t insn;

	memcpy(&insn, bytes, sizeof(insn));
	return insn;
}

/* ERET, IRETQ */
static bool leaves_kernel(const uint8_t *bytes, size_t size)
{
	if (plugin.arm64)
		return word(bytes) == ERET;
	return size == 2 && bytes[0] == 0x48 && bytes[1] == 0xcf;
}

static int find_marker(const uint8_t *bytes, size_t size)
{
	return plugin.arm64 ? marker_arm64(word(bytes)) : marker_x86(bytes, size);
}

static uint32_t decode(const uint8_t *bytes, size_t size)
{
	return plugin.arm64 ? decode_arm64(word(bytes)) : decode_x86(bytes, size);
}

/* A piece of code in the making: what a block will be. */
struct piece {
	struct qemu_plugin_insn *first;
	uint64_t addr;
	uint32_t insns;
	uint8_t classes[NR_INSN_CLASSES];
};

static void add_tally(struct block *block)
{
	struct tally *more;

	if (plugin.nr_blocks == plugin.blocks_room) {
		plugin.blocks_room += BUCKETS;
		more = realloc(plugin.all, plugin.blocks_room * sizeof(*more));
		if (!more)
			abort();
		plugin.all = more;
	}
	block->index = plugin.nr_blocks++;
	plugin.all[block->index] = (struct tally){.count = count_new(), .block = block};
}

/* The block for a piece. The same code is translated more than once, and code can change. */
static struct block *find_block(const struct piece *piece)
{
	struct block **bucket = &plugin.bucket[(piece->addr >> 1 ^ piece->addr >> 17) % BUCKETS];
	struct block *block;

	for (block = *bucket; block; block = block->next)
		if (block->addr == piece->addr && block->insns == piece->insns &&
		    !memcmp(block->classes, piece->classes, sizeof(piece->classes)))
			return block;
	block = calloc(1, sizeof(*block));
	if (!block)
		abort();
	block->addr = piece->addr;
	block->insns = piece->insns;
	memcpy(block->classes, piece->classes, sizeof(piece->classes));
	add_tally(block);
	block->next = *bucket;
	*bucket = block;
	return block;
}

/* Makes the piece a block, and begins another. */
static void end_piece(struct piece *piece)
{
	struct block *block;

	if (piece->first) {
		block = find_block(piece); /* may move plugin.all */
		count_at(piece->first, plugin.all[block->index].count);
	}
	memset(piece, 0, sizeof(*piece));
}

/* Has fn called before the instruction, and begins a piece with it. */
static void call_at(struct piece *piece, struct qemu_plugin_insn *insn,
		    qemu_plugin_vcpu_udata_cb_t fn, uintptr_t userdata)
{
	end_piece(piece);
	qemu_plugin_register_vcpu_insn_exec_cb(insn, fn, QEMU_PLUGIN_CB_NO_REGS, (void *)userdata);
}

static void add_insn(struct piece *piece, struct qemu_plugin_insn *insn, uint64_t addr,
		     uint32_t classes)
{
	size_t i;

	if (!piece->first) {
		piece->first = insn;
		piece->addr = addr;
	}
	piece->insns++;
	for (i = 0; i < NR_INSN_CLASSES; i++)
		piece->classes[i] = (uint8_t)(piece->classes[i] + (classes >> i & 1));
}

/* Counts an instruction, which is no marker. */
static void count_insn(struct piece *piece, struct qemu_plugin_insn *insn, uint64_t addr,
		       const uint8_t *bytes, size_t size)
{
	uint32_t classes = decode(bytes, size);
	bool kernel = addr & KERNEL, leaves = kernel && leaves_kernel(bytes, size);
	enum entry_kind kind;

	if (kernel && find_entry(addr, bytes, &kind))
		call_at(piece, insn, on_entry, kind);
	if (leaves)
		end_piece(piece);
	add_insn(piece, insn, addr, classes);
	if (leaves)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_exit_insn, QEMU_PLUGIN_CB_NO_REGS,
						       find_block(piece));
	if (classes & (1U << INSN_LOAD | 1U << INSN_STORE))
		end_piece(piece);
}

/*
 * An x86 instruction that crosses into the next page ends a block: it is translated again, as the
 * first one of the next. QEMU before 8.1 shows it to plugins in both, cut at the page's end in the
 * first, where what is counted at it is never executed. So it must not be in a piece with others.
 */
static bool may_be_put_off(uint64_t addr, bool last)
{
	return !plugin.arm64 && last && addr % PAGE + LONGEST_INSN > PAGE;
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t nr = qemu_plugin_tb_n_insns(tb), i, size;
	struct qemu_plugin_insn *insn;
	struct piece piece = {0};
	uint8_t bytes[INSN_BYTES];
	uint64_t addr;
	int marker;

	(void)id;
	for (i = 0; i < nr; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		addr = qemu_plugin_insn_vaddr(insn);
		size = insn_bytes(insn, bytes);
		if (may_be_put_off(addr, i + 1 == nr))
			end_piece(&piece);
		marker = addr & KERNEL ? -1 : find_marker(bytes, size);
		if (marker >= 0)
			call_at(&piece, insn, on_marker, (uintptr_t)marker);
		else if (plugin.counting)
			count_insn(&piece, insn, addr, bytes, size);
	}
	end_piece(&piece);
}

static void begin_counting(void)
{
	plugin.counting = true;
	qemu_plugin_register_vcpu_tb_trans_cb(own_id, on_translation);
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
					   char **argv)
{
	int i;

	own_id = id;
	plugin.arm64 = !strcmp(info->target_name, "aarch64");
	plugin.counts_fd = plugin.entries_fd = -1;
	for (i = 0; i < argc; i++)
		if (sscanf(argv[i], "counts=%d", &plugin.counts_fd) != 1 &&
		    sscanf(argv[i], "entries=%d", &plugin.entries_fd) != 1) {
			say("not an argument: %s", argv[i]);
			return -1;
		}
	if (!info->system_emulation || info->system.smp_vcpus != 1 ||
	    (!plugin.arm64 && strcmp(info->target_name, "x86_64"))) {
		say("counts one vCPU of a whole aarch64 or x86_64 machine");
		return -1;
	}
	if (plugin.counts_fd < 0 || plugin.entries_fd < 0) {
		say("needs counts=FD and entries=FD");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
