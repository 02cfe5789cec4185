// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * faultbench-exact-API.so: a QEMU plugin that counts the instructions a guest executes between the
 * markers of common/marker.h. Arguments, the first two descriptors that QEMU inherits:
 *
 *   entries=FD  read to its end at the first marker: where the kernel enters on interrupts and on
 *               exceptions, a line each: "interrupt ADDR", "exception ADDR", "stubs FROM TO"
 *               (interrupts; each stub in this range begins with a PUSH, or ENDBR64 and that),
 *               "switch ADDR" (where it goes on with another task)
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
 *   caches=TEXT also what a model of these caches and TLBs (common/caches/model.h) has not,
 * likewise, as "misses" (misses.h); entries then also has the lines of model/mapped.h calls=1 also
 * who called whom (stack.h), as another member, "calls" functions=FD  for that, a file of struct
 * function_at; it is there when what entries names has ended
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
#include "runners/exact/calls.h"
#include "runners/exact/counts.h"
#include "runners/exact/entries.h"
#include "runners/exact/misses.h"
#include "runners/exact/model/mapped.h"
#include "runners/exact/qemu_api.h"
#include "runners/exact/target.h"
#include "runners/exact/touched.h"

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

#define PAGE	   4096 /* of x86 */
#define INSN_BYTES 16	/* no instruction is longer */

/* What is looked at beside counts, if its argument asks for it. */
struct part {
	const char *argument;
	bool everywhere;	  /* at() is called for user space's instructions as well */
	void (*run)(void);	  /* a run begins, */
	void (*start)(void);	  /* an operation, */
	void (*own)(bool own);	  /* or not: an interrupt, in the middle of one, and its end */
	void (*stop)(void);	  /* it has ended */
	void (*print)(FILE *out); /* ",\"name\":..." of the run that ends */
	/* An instruction is translated. */
	void (*at)(struct qemu_plugin_insn *insn, uint64_t addr, const uint8_t *bytes, size_t size);
	/* Whether a block has to begin with it; a block that is executed. May be NULL. */
	bool (*begin)(uint64_t addr, const uint8_t *bytes, size_t size);
	void (*block)(struct qemu_plugin_insn *first, const struct code *code);
};

static const struct part parts[] = {
	{"lines", false, touched_run, touched_start, touched_own, touched_stop, touched_print,
	 touched_at, NULL, NULL},
	{"caches", true, misses_run, misses_start, misses_own, misses_stop, misses_print, misses_at,
	 NULL, NULL},
	{"calls", false, calls_run, calls_start, calls_own, calls_stop, calls_print, calls_at,
	 calls_begin, calls_block},
};

#define NR_PARTS (sizeof(parts) / sizeof(parts[0]))

static struct {
	const struct target *target;
	int entries_fd, counts_fd, functions_fd;
	bool counting;			   /* translations made now count */
	bool asked;			   /* ... or will, once QEMU has forgotten the others */
	bool each;			   /* instruction is a block */
	const struct part *part[NR_PARTS]; /* that are asked for, */
	size_t nr_parts;		   /* so many */

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
	size_t i;

	counts_run();
	for (i = 0; i < plugin.nr_parts; i++)
		plugin.part[i]->run();
}

static void write_run(void)
{
	char *text = NULL, *rest;
	size_t size = 0, i;
	ssize_t put;
	FILE *out = open_memstream(&text, &size);

	if (out) {
		fprintf(out, "{\"run\":%u,\"entries\":%zu,", plugin.nr_runs, plugin.nr_understood);
		counts_print(out);
		for (i = 0; i < plugin.nr_parts; i++)
			plugin.part[i]->print(out);
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
	size_t i;

	if (!plugin.counting || !counts_start())
		say("an operation began before counting did");
	plugin.depth = 0;
	for (i = 0; i < plugin.nr_parts; i++)
		plugin.part[i]->start();
}

static void stop(void)
{
	size_t i;

	counts_stop();
	for (i = 0; i < plugin.nr_parts; i++)
		plugin.part[i]->stop();
}

/* Whether what follows is the operation's own. */
static void set_own(bool own)
{
	size_t i;

	for (i = 0; i < plugin.nr_parts; i++)
		plugin.part[i]->own(own);
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
	if (!counts_inside())
		return;
	if ((enum entry_kind)(uintptr_t)userdata == ENTRY_SWITCH) {
		counts_switched();
	} else if (plugin.depth) {
		plugin.depth++;
	} else if ((enum entry_kind)(uintptr_t)userdata == ENTRY_INTERRUPT) {
		counts_interrupted();
		set_own(false);
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
	set_own(true);
}

static void read_entries(void)
{
	FILE *in = fdopen(plugin.entries_fd, "r");
	char line[128];

	while (in && fgets(line, sizeof(line), in)) {
		if (entries_add(line) || mapped_add(line))
			plugin.nr_understood++;
		else
			say("not an entry: %s", line);
	}
	if (in)
		fclose(in);
	if (plugin.functions_fd >= 0 && !calls_know(plugin.target, plugin.functions_fd))
		say("does not know where functions begin");
}

/* A piece of code in the making: what a block will be. */
struct piece {
	struct qemu_plugin_insn *first;
	struct code code;
};

/* Makes the piece a block, and begins another. */
static void end_piece(struct piece *piece)
{
	size_t i;

	if (piece->first)
		counts_at(piece->first, counts_block(&piece->code));
	for (i = 0; piece->first && i < plugin.nr_parts; i++)
		if (plugin.part[i]->block)
			plugin.part[i]->block(piece->first, &piece->code);
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

static bool begins_block(uint64_t addr, const uint8_t *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < plugin.nr_parts; i++)
		if (plugin.part[i]->begin && plugin.part[i]->begin(addr, bytes, size))
			return true;
	return false;
}

/* Counts an instruction, which is no marker. */
static void count_insn(struct piece *piece, struct qemu_plugin_insn *insn, uint64_t addr,
		       const uint8_t *bytes, size_t size)
{
	uint32_t classes = plugin.target->decode(bytes, size);
	bool kernel = addr & KERNEL, leaves = kernel && plugin.target->leaves_kernel(bytes, size);
	enum entry_kind kind;
	size_t i;

	if (kernel && entries_find(addr, bytes, &kind))
		call_at(piece, insn, on_entry, kind);
	if (leaves || (kernel && begins_block(addr, bytes, size)))
		end_piece(piece);
	for (i = 0; i < plugin.nr_parts; i++)
		if (kernel || plugin.part[i]->everywhere)
			plugin.part[i]->at(insn, addr, bytes, size);
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

/* Takes in an argument, "counts=FD" or the like. */
static bool take(const char *argument)
{
	size_t i, len;

	for (i = 0; i < NR_PARTS; i++) {
		len = strlen(parts[i].argument);
		if (strncmp(argument, parts[i].argument, len) || argument[len] != '=')
			continue;
		plugin.part[plugin.nr_parts++] = &parts[i];
		return parts[i].everywhere ? misses_init(argument + len + 1, plugin.target)
					   : !strcmp(argument + len, "=1");
	}
	return sscanf(argument, "counts=%d", &plugin.counts_fd) == 1 ||
	       sscanf(argument, "entries=%d", &plugin.entries_fd) == 1 ||
	       sscanf(argument, "functions=%d", &plugin.functions_fd) == 1;
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
					   char **argv)
{
	int i;

	own_id = id;
	plugin.each = getenv("FAULTBENCH_EACH_INSN");
	plugin.target = target_find(info->target_name);
	plugin.counts_fd = plugin.entries_fd = plugin.functions_fd = -1;
	for (i = 0; i < argc; i++)
		if (!take(argv[i])) {
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
