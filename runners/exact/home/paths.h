/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who called whom in a run, as a journal has it, of what the plugin says of addresses.
 */
#ifndef RUNNERS_EXACT_HOME_PATHS_H
#define RUNNERS_EXACT_HOME_PATHS_H

#include <jansson.h>
#include <stdbool.h>

#include "runners/exact/home/symbols.h"

/*
 * Writes where functions begin, as the plugin reads it (function_at.h). What a compiler has put
 * elsewhere of a function ("NAME.cold") is a part of it. False if it cannot be written.
 */
bool paths_tell(const struct symbols *symbols, int fd);

/*
 * tree: as stack_print() of runners/exact/stack.h has it; blocks: as runners/exact/plugin.c does.
 * Returns "calls" of struct run_record, a new reference; NULL if its instructions are not those
 * that iterations and interrupts, arrays of a number for each, come to, by path and by address.
 */
json_t *paths_of(const json_t *tree, const json_t *blocks, const struct symbols *symbols,
		 const json_t *iterations, const json_t *interrupts);

#endif
