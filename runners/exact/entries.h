/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a kernel enters, on interrupts and on exceptions, and where it switches tasks, as
 * plugin.c's argument `entries` has it.
 */
#ifndef RUNNERS_EXACT_ENTRIES_H
#define RUNNERS_EXACT_ENTRIES_H

#include <stdbool.h>
#include <stdint.h>

#define ENTRIES_MOST 1024 /* lines, of at most 40 characters */

enum entry_kind {
	ENTRY_INTERRUPT,
	ENTRY_EXCEPTION,
	ENTRY_SWITCH /* not an entry: the kernel goes on with another task */
};

/* Takes in a line; false for one that is not understood, or one too many. */
bool entries_add(const char *line);

/* Whether the instruction of these bytes, at least one, is where the kernel enters. */
bool entries_find(uint64_t addr, const uint8_t *bytes, enum entry_kind *ret_kind);

/* Whether an address is in the code that switches tasks, within so many bytes of its beginning. */
bool entries_switches(uint64_t addr, uint64_t bytes);

#endif
