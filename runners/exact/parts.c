// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/parts.h"

#include <string.h>

#include "runners/exact/calls.h"
#include "runners/exact/misses.h"
#include "runners/exact/touched.h"

struct part {
	const char *argument;
	bool everywhere;	  /* at() is called for user space's instructions as well */
	bool each;		  /* op of an iteration begins and ends; else all of them as one */
	void (*run)(void);	  /* a run begins, */
	void (*start)(void);	  /* an operation, */
	void (*own)(bool own);	  /* or not: an interrupt, in the middle of one, and its end */
	void (*stop)(void);	  /* it has ended */
	void (*print)(FILE *out); /* ",\"name\":..." of the run that ends */
	/* A translation begins, with that instruction: may be NULL. An instruction is translated.
	 */
	void (*first)(struct qemu_plugin_insn *insn, uint64_t addr);
	void (*at)(struct qemu_plugin_insn *insn, uint64_t addr, const uint8_t *bytes, size_t size);
	/* It leaves the kernel. May be NULL. */
	void (*leave)(struct qemu_plugin_insn *insn);
	/* Whether a block has to begin with it; a block that is executed. May be NULL. */
	bool (*begin)(uint64_t addr, const uint8_t *bytes, size_t size);
	void (*block)(struct qemu_plugin_insn *first, const struct code *code);
};

static const struct part parts[] = {
	{"lines", false, false, touched_run, touched_start, touched_own, touched_stop,
	 touched_print, NULL, touched_at, NULL, NULL, NULL},
	{"caches", true, false, misses_run, misses_start, misses_own, misses_stop, misses_print,
	 misses_first, misses_at, NULL, NULL, NULL},
	{"calls", false, true, calls_run, calls_start, calls_own, calls_stop, calls_print, NULL,
	 calls_at, calls_leave, calls_begin, calls_block},
};

#define NR_PARTS (sizeof(parts) / sizeof(parts[0]))

static const struct part *asked[NR_PARTS];
static size_t nr;

bool parts_take(const char *argument, const struct target *target)
{
	size_t i, len;

	for (i = 0; i < NR_PARTS; i++) {
		len = strlen(parts[i].argument);
		if (strncmp(argument, parts[i].argument, len) || argument[len] != '=')
			continue;
		asked[nr++] = &parts[i];
		return parts[i].everywhere ? misses_init(argument + len + 1, target)
					   : !strcmp(argument + len, "=1");
	}
	return false;
}

bool parts_read_registers(void)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (asked[i]->first)
			return true;
	return false;
}

void parts_run(void)
{
	size_t i;

	for (i = 0; i < nr; i++)
		asked[i]->run();
}

void parts_start(bool first)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (first || asked[i]->each)
			asked[i]->start();
		else
			asked[i]->own(true);
	}
}

void parts_stop(void)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (asked[i]->each)
			asked[i]->stop();
		else
			asked[i]->own(false);
	}
}

void parts_sample(void)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!asked[i]->each)
			asked[i]->stop();
}

void parts_own(bool own)
{
	size_t i;

	for (i = 0; i < nr; i++)
		asked[i]->own(own);
}

void parts_print(FILE *out)
{
	size_t i;

	for (i = 0; i < nr; i++)
		asked[i]->print(out);
}

void parts_first(struct qemu_plugin_insn *insn, uint64_t addr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (asked[i]->first)
			asked[i]->first(insn, addr);
}

void parts_at(struct qemu_plugin_insn *insn, uint64_t addr, const uint8_t *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (addr & KERNEL || asked[i]->everywhere)
			asked[i]->at(insn, addr, bytes, size);
}

void parts_leave(struct qemu_plugin_insn *insn)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (asked[i]->leave)
			asked[i]->leave(insn);
}

bool parts_begin(uint64_t addr, const uint8_t *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (asked[i]->begin && asked[i]->begin(addr, bytes, size))
			return true;
	return false;
}

void parts_block(struct qemu_plugin_insn *first, const struct code *code)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (asked[i]->block)
			asked[i]->block(first, code);
}
