// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/entries.h"

#include <stddef.h>
#include <stdio.h>

#define PUSH_IMM8  0x6a
#define PUSH_IMM32 0x68
#define ENDBR	   0xf3 /* ENDBR64, in front of the PUSH (6.2 and later) */
#define STUB	   8	/* bytes, or 16 */

static struct {
	struct {
		uint64_t addr;
		enum entry_kind kind;
	} entry[ENTRIES_MOST];
	size_t nr;
	uint64_t stubs_from, stubs_to;
} entries;

bool entries_add(const char *line)
{
	unsigned long long a, b;

	if (sscanf(line, "stubs %llx %llx", &a, &b) == 2) {
		entries.stubs_from = a;
		entries.stubs_to = b;
		return true;
	}
	if (entries.nr == ENTRIES_MOST)
		return false;
	if (sscanf(line, "interrupt %llx", &a) == 1)
		entries.entry[entries.nr].kind = ENTRY_INTERRUPT;
	else if (sscanf(line, "exception %llx", &a) == 1)
		entries.entry[entries.nr].kind = ENTRY_EXCEPTION;
	else if (sscanf(line, "switch %llx", &a) == 1)
		entries.entry[entries.nr].kind = ENTRY_SWITCH;
	else
		return false;
	entries.entry[entries.nr++].addr = a;
	return true;
}

bool entries_find(uint64_t addr, const uint8_t *bytes, enum entry_kind *ret_kind)
{
	size_t i;

	if (addr >= entries.stubs_from && addr < entries.stubs_to) {
		*ret_kind = ENTRY_INTERRUPT;
		return (addr - entries.stubs_from) % STUB == 0 &&
		       (bytes[0] == PUSH_IMM8 || bytes[0] == PUSH_IMM32 || bytes[0] == ENDBR);
	}
	for (i = 0; i < entries.nr; i++) {
		if (entries.entry[i].addr == addr) {
			*ret_kind = entries.entry[i].kind;
			return true;
		}
	}
	return false;
}

bool entries_switches(uint64_t addr, uint64_t bytes)
{
	size_t i;

	for (i = 0; i < entries.nr; i++)
		if (entries.entry[i].kind == ENTRY_SWITCH && addr - entries.entry[i].addr < bytes)
			return true;
	return false;
}
