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
 *                "blocks": [[address, insns, executed, lengths, class, class ...], ...],
 *                "turns": [[switches, insn], ...]}
 *               insn: kernel instructions of the operation itself, without interrupts; user: those
 *               of user space; interrupt: what interrupts took, and how many there were; classes:
 *               of the kernel's own, in the order of common/exact/insn_class.h. A block is a piece
 *               of kernel code; executed counts over all iterations, without interrupts; lengths,
 *               a text, are those of its instructions, in bytes, a digit (1 to f) each. Turns, of
 *               each iteration: how often the kernel went on with another task, and how many of
 *               insn were executed between the first such switch and the second, the third and
 *               the fourth, ...
 *
 *   lines=1     also which lines of memory the kernel touches (touched.h), and not interrupts, as
 *               another member of each run, "lines"
 *   caches=TEXT also what a model of these caches and TLBs (common/caches/model.h) has not,
 *               likewise, as "misses" (misses.h); entries then also has the lines of model/mapped.h
 *   calls=1     also who called whom (stack.h), as another member, "calls"
 *   functions=FD  for that, a file of struct function_at; it is there when what entries names has
 *               ended
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
#include "runners/exact/model/mapped.h"
#include "runners/exact/parts.h"
#include "runners/exact/qemu_api.h"
#include "runners/exact/translate.h"
#include "runners/exact/turns.h"
#include "runners/exact/whose.h"

#define PAGE 4096 /* of a device */

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static struct {
	int entries_fd, counts_fd, functions_fd;
	bool asked; /* translations will count, once QEMU has forgotten those that do not */

	unsigned int nr_runs; /* that ended */
	size_t nr_understood; /* lines of entries */
} plugin;

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* On QEMU's standard error, which is shown if it ends: what plugins have to say it keeps, unless it
 * is told not to. */
static void say(const char *fmt, ...)
{
	va_list ap;

	fputs("faultbench-exact: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static void begin_run(void)
{
	counts_run();
	parts_run();
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
		parts_print(out);
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

static void start(unsigned int vcpu)
{
	bool first = !counts_begun();

	if (!translate.counting || !counts_start(vcpu))
		say("an operation began before counting did");
	whose_start(vcpu);
	parts_start(first);
}

static void stop(unsigned int vcpu)
{
	counts_stop(vcpu);
	parts_stop();
}

static void read_entries(void);
static void begin_counting(void);

static qemu_plugin_id_t own_id;

static void on_marker(unsigned int vcpu, void *userdata)
{
	vcpu = turns_vcpu();
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
		start(vcpu);
		break;
	case MARKER_STOP:
		stop(vcpu);
		break;
	case MARKER_SAMPLE:
		if (counts_sample())
			parts_sample();
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
	vcpu = turns_vcpu();
	if (counts_inside(vcpu))
		whose_enter(vcpu, (enum entry_kind)(uintptr_t)userdata);
}

/* The kernel is left by the instruction that follows, which is the block userdata. */
static void on_exit_insn(unsigned int vcpu, void *userdata)
{
	vcpu = turns_vcpu();
	if (counts_inside(vcpu))
		whose_leave(vcpu, (uintptr_t)userdata);
}

static void on_switch_access(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr,
			     void *userdata)
{
	(void)userdata;
	vcpu = turns_vcpu();
	if (counts_inside(vcpu))
		whose_access(vcpu, vaddr, qemu_plugin_mem_is_store(info));
}

static void on_exclusive(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	counts_exclusive(turns_vcpu(), userdata);
}

static void on_turn(unsigned int vcpu, void *userdata)
{
	(void)vcpu;
	turns_vcpu();
	turns_ran((uint32_t)(uintptr_t)userdata);
}

/* A device is known by what it is not, memory: where it is QEMU before 8.1 does not say right. */
static void on_store(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *userdata)
{
	(void)vcpu;
	(void)userdata;
	if (vaddr % PAGE == translate.target->sends &&
	    qemu_plugin_hwaddr_is_io(qemu_plugin_get_hwaddr(info, vaddr)))
		counts_sent_ipi(turns_vcpu());
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
	if (plugin.functions_fd >= 0 && !calls_know(translate.target, plugin.functions_fd))
		say("does not know where functions begin");
}

static void begin_counting(void)
{
	translate.counting = true;
	turns_coarse(false);
	api_on_translation(own_id, translate_block);
}

/* Takes in an argument, "counts=FD" or the like. */
static bool take(const char *argument)
{
	unsigned int schedule;

	if (sscanf(argument, "schedule=%u", &schedule) == 1) {
		turns_seed(schedule);
		return true;
	}
	return parts_take(argument, translate.target) ||
	       sscanf(argument, "counts=%d", &plugin.counts_fd) == 1 ||
	       sscanf(argument, "entries=%d", &plugin.entries_fd) == 1 ||
	       sscanf(argument, "functions=%d", &plugin.functions_fd) == 1;
}

/* Prepares for so many vCPUs. */
static bool several(int nr)
{
	if (nr > TURNS_VCPUS || (nr > 1 && !turns_init((unsigned int)nr))) {
		say("cannot count %d vCPUs: at most %d, in a QEMU that loads modules", nr,
		    TURNS_VCPUS);
		return false;
	}
	counts_vcpus((unsigned int)nr);
	whose_vcpus((unsigned int)nr);
	if (nr > 1) {
		translate.switching = on_switch_access;
		translate.sending = on_store;
		translate.exclusive = on_exclusive;
		translate.turn = on_turn;
		turns_coarse(true);
	}
	return true;
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
					   char **argv)
{
	int i;

	own_id = id;
	translate.each = getenv("FAULTBENCH_EACH_INSN");
	translate.marker = on_marker;
	translate.entry = on_entry;
	translate.leave = on_exit_insn;
	translate.target = target_find(info->target_name);
	plugin.counts_fd = plugin.entries_fd = plugin.functions_fd = -1;
	for (i = 0; i < argc; i++)
		if (!take(argv[i])) {
			say("not an argument: %s", argv[i]);
			return -1;
		}
	if (!translate.target) {
		say("does not know the instructions of %s", info->target_name);
		return -1;
	}
	if (parts_read_registers() && !api_registers(translate.target->registers)) {
		say("cannot model TLBs: this QEMU shows no registers; take one that loads modules, "
		    "or 9.1 and later");
		return -1;
	}
	if (!info->system_emulation || !several(info->system.smp_vcpus))
		return -1;
	if (plugin.counts_fd < 0 || plugin.entries_fd < 0) {
		say("needs counts=FD and entries=FD");
		return -1;
	}
	api_on_translation(id, translate_block);
	return 0;
}
