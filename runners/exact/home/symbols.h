/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of a guest's kernel and modules, by address.
 */
#ifndef RUNNERS_EXACT_HOME_SYMBOLS_H
#define RUNNERS_EXACT_HOME_SYMBOLS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/arch.h"

struct symbol {
	uint64_t addr;
	const char *name;
};

struct symbols {
	char *text; /* that the names are in */
	struct symbol *symbol;
	size_t nr;
};

/*
 * Reads lines "ADDRESS NAME", the address in hexadecimal; others are ignored. Of names that share
 * an address the first is kept. False if there is none, or no memory.
 */
bool symbols_read(struct symbols *s, const char *text);

/*
 * The function at or before an address of the kernel; NULL if there is none, or none within
 * SYMBOL_REACH.
 */
const struct symbol *symbols_find(const struct symbols *s, uint64_t addr);

/* {name: number of its symbol}; of names that several have, the first. A new object. */
json_t *symbols_index(const struct symbols *s);

/* The function that a symbol is a part of, by such an index, if a compiler has put that elsewhere
 * ("NAME.cold"); or it itself. */
const struct symbol *symbols_whole(const struct symbols *s, const json_t *index,
				   const struct symbol *symbol);

#define SYMBOL_REACH (1 << 20) /* bytes: no function is longer */

/*
 * Writes where the kernel is entered by interrupts and exceptions, as runners/exact/plugin.c reads
 * it. Returns how many lines that are; 0 if the symbols do not show it.
 */
size_t symbols_write_entries(const struct symbols *s, const struct arch *arch, FILE *out);

/*
 * Where user space enters in the middle of a symbol, before it comes to what the above names:
 * addresses, in order, at most `most` of them. Returns how many.
 */
size_t symbols_user_vectors(const struct symbols *s, const struct symbol *symbol, uint64_t *ret,
			    size_t most);

void symbols_free(struct symbols *s);

#endif
