// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * faultbench-exact-API.so: a QEMU plugin that counts the instructions a guest executes between the
 * markers of common/marker.h. Arguments, the first two descriptors that QEMU inherits:
 *
 *   entries=FD  read to its end at the first marker: where the kernel enters on interrupts and on
 *               exceptions, a line each: "interrupt ADDR", "exception ADDR", "stubs FROM TO"
 *               (interrupts; each stub in this range begins with a PUSH), "switch ADDR" (where it
 *               goes on with another task)
 *   counts=FD   a line of JSON for each run, written at its end, even if it counted nothing:
 *               {"run": 0, 1, ..., "entries": how many lines of them were understood,
 *                "iterations": [[insn, user, interrupt, interrupts, class, class ...], ...],
 *                "blocks": [[address, insns, executed, class, class ...], ...],
 *                "turns": [[switches, insn], ...]}
 *               insn: kernel instructions of the operation itself, without interrupts; user: those
 *               of user space; interrupt: what interrupts took, and how many there were; classes:
 *               of the kernel's own, in the order of common/insn_class.h. A block is a piece of
 *               kernel code; executed counts over all iterations, without interrupts. Turns, of
 *               each iteration: how often the kernel went on with another task, and how many of
 *               insn were executed between the first such switch and the second, the third and the
 *               fourth, ...
 *
 * A block is the longest piece of a translation of which only the last instruction can leave it
 * before its end: one that accesses memory, and may fault. So counting blocks as they begin counts
 * the same instructions as counting each of them, at a fraction of the cost. That it does is tested
 * with FAULTBENCH_EACH_INSN in the environment, which makes each instruction a block.
 *
 *   lines=1     also which lines of memory the kernel touches (touched.h), and not interrupts, as
 *               another member of each run, "lines"
 *
 * Until the first marker nothing is counted, and the guest boots at full speed; then QEMU is made
 * to translate everything anew, with counting.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/marker.h"
#include "runners/exact/counts.h"
#include "runners/exact/decode.h"
#include "runners/exact/entries.h"
#include "runners/exact/qemu_api.h"
#include "runners/exact/touched.h"

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

#define ERET	   0xd69f03e0
#define PAGE	   4096 /* of x86 */
#define INSN_BYTES 16	/* no instruction is longer */

/* What an architecture's instructions are, and how its kernel is left: a row each. */
struct target {
	const char *name; /* QEMU's */
	int (*marker)(const uint8_t *bytes, size_t size);
	uint32_t (*decode)(const uint8_t *bytes, size_t size);
	bool (*leaves_kernel)(const uint8_t *bytes, size_t size);
	size_t longest; /* instruction, bytes, if it can cross into the next page; else 0 */
};

static struct {
	const struct target *target;
	int entries_fd, counts_fd;
	bool counting; /* translations made now count */
	bool asked;    /* ... or will, once QEMU has forgotten the others */
	bool each;     /* instruction is a block */
	int lines;     /* of memory are looked at */

	unsigned int nr_runs; /* that ended */
	size_t nr_understood; /* lines of entries */
	unsigned int depth;   /* inside an interrupt: exceptions taken and not returned from */
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

static void begin_run(void)
{
	counts_run();
	if (plugin.lines)
		touched_run();
}

static void write_run(void)
{
	char *text = NULL, *rest;
	size_t size = 0;
	ssize_t put;
	FILE *out = open_memstream(&text, &size);

	if (out) {
		fprintf(out, "{\"run\":%u,\"entries\":%zu,", plugin.nr_runs, plugin.nr_understood);
		counts_print(out);
		if (plugin.lines)
			touched_print(out);
		fprintf(out, "}\n");
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
	plugin.nr_runs++;
	begin_run();
}

static void start(void)
{
	if (!plugin.counting || !counts_start())
		say("an operation began before counting did");
	plugin.depth = 0;
	if (plugin.lines)
		touched_start();
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
			api_translate_anew(own_id, begin_counting);
		}
		break;
	case MARKER_START:
		start();
		break;
	case MARKER_STOP:
		counts_stop();
		if (plugin.lines)
			touched_stop();
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
	if (!counts_inside())
		return;
	if ((enum entry_kind)(uintptr_t)userdata == ENTRY_SWITCH) {
		counts_switched();
	} else if (plugin.depth) {
		plugin.depth++;
	} else if ((enum entry_kind)(uintptr_t)userdata == ENTRY_INTERRUPT) {
		counts_interrupted();
		touched_own(false);
		plugin.depth = 1;
	}
}

/* The kernel is left by the instruction that follows, which is the block userdata. */
static void on_exit_insn(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	if (!counts_inside() || !plugin.depth || --plugin.depth)
		return;
	counts_resumed((uintptr_t)userdata);
	touched_own(true);
}

static void read_entries(void)
{
	FILE *in = fdopen(plugin.entries_fd, "r");
	char line[128];

	while (in && fgets(line, sizeof(line), in)) {
		if (entries_add(line))
			plugin.nr_understood++;
		else
			say("not an entry: %s", line);
	}
	if (in)
		fclose(in);
}

static uint32_t word(const uint8_t *bytes)
{
	uint32_t insn;

	memcpy(&insn, bytes, sizeof(insn));
	return insn;
}

static int find_arm64(const uint8_t *bytes, size_t size)
{
	(void)size;
	return marker_arm64(word(bytes));
}

static uint32_t classes_arm64(const uint8_t *bytes, size_t size)
{
	(void)size;
	return decode_arm64(word(bytes));
}

static bool is_eret(const uint8_t *bytes, size_t size)
{
	(void)size;
	return word(bytes) == ERET;
}

static bool is_iretq(const uint8_t *bytes, size_t size)
{
	return size == 2 && bytes[0] == 0x48 && bytes[1] == 0xcf;
}

static const struct target targets[] = {
	{"aarch64", find_arm64, classes_arm64, is_eret, 0},
	{"x86_64", marker_x86, decode_x86, is_iretq, 15},
};

/* A piece of code in the making: what a block will be. */
struct piece {
	struct qemu_plugin_insn *first;
	struct code code;
};

/* Makes the piece a block, and begins another. */
static void end_piece(struct piece *piece)
{
	if (piece->first)
		counts_at(piece->first, counts_block(&piece->code));
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
		piece->code.addr = addr;
	}
	piece->code.insns++;
	for (i = 0; i < NR_INSN_CLASSES; i++)
		piece->code.classes[i] = (uint8_t)(piece->code.classes[i] + (classes >> i & 1));
}

/* Counts an instruction, which is no marker. */
static void count_insn(struct piece *piece, struct qemu_plugin_insn *insn, uint64_t addr,
		       const uint8_t *bytes, size_t size)
{
	uint32_t classes = plugin.target->decode(bytes, size);
	bool kernel = addr & KERNEL, leaves = kernel && plugin.target->leaves_kernel(bytes, size);
	enum entry_kind kind;

	if (kernel && entries_find(addr, bytes, &kind))
		call_at(piece, insn, on_entry, kind);
	if (leaves)
		end_piece(piece);
	if (kernel && plugin.lines)
		touched_at(insn, addr);
	add_insn(piece, insn, addr, classes);
	if (leaves)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_exit_insn, QEMU_PLUGIN_CB_NO_REGS,
						       (void *)counts_block(&piece->code));
	if (plugin.each || classes & (1U << INSN_LOAD | 1U << INSN_STORE))
		end_piece(piece);
}

/*
 * An x86 instruction that crosses into the next page ends a block: it is translated again, as the
 * first one of the next. QEMU before 8.1 shows it to plugins in both, cut at the page's end in the
 * first, where what is counted at it is never executed. So it must not be in a piece with others.
 */
static bool may_be_put_off(uint64_t addr, bool last)
{
	return last && plugin.target->longest && addr % PAGE + plugin.target->longest > PAGE;
}

/* The instruction's bytes; returns how many. */
static size_t insn_bytes(struct qemu_plugin_insn *insn, uint8_t bytes[INSN_BYTES])
{
	size_t size = qemu_plugin_insn_size(insn);

	size = size < INSN_BYTES ? size : INSN_BYTES;
	api_insn_bytes(insn, bytes, size);
	return size;
}

static void on_translation(struct qemu_plugin_tb *tb)
{
	size_t nr = qemu_plugin_tb_n_insns(tb), i, size;
	struct qemu_plugin_insn *insn;
	struct piece piece = {0};
	uint8_t bytes[INSN_BYTES];
	uint64_t addr;
	int marker;

	for (i = 0; i < nr; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		addr = qemu_plugin_insn_vaddr(insn);
		size = insn_bytes(insn, bytes);
		if (may_be_put_off(addr, i + 1 == nr))
			end_piece(&piece);
		marker = addr & KERNEL ? -1 : plugin.target->marker(bytes, size);
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
	api_on_translation(own_id, on_translation);
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
					   char **argv)
{
	int i;

	own_id = id;
	plugin.each = getenv("FAULTBENCH_EACH_INSN");
	for (i = 0; i < (int)(sizeof(targets) / sizeof(targets[0])); i++)
		if (!strcmp(info->target_name, targets[i].name))
			plugin.target = &targets[i];
	plugin.counts_fd = plugin.entries_fd = -1;
	for (i = 0; i < argc; i++)
		if (sscanf(argv[i], "counts=%d", &plugin.counts_fd) != 1 &&
		    sscanf(argv[i], "entries=%d", &plugin.entries_fd) != 1 &&
		    sscanf(argv[i], "lines=%d", &plugin.lines) != 1) {
			say("not an argument: %s", argv[i]);
			return -1;
		}
	if (!plugin.target) {
		say("does not know the instructions of %s", info->target_name);
		return -1;
	}
	if (!info->system_emulation || info->system.smp_vcpus != 1) {
		say("counts one vCPU of a whole machine");
		return -1;
	}
	if (plugin.counts_fd < 0 || plugin.entries_fd < 0) {
		say("needs counts=FD and entries=FD");
		return -1;
	}
	api_on_translation(id, on_translation);
	return 0;
}
