/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often each instruction was executed in a run, of what the plugin says of blocks: these may
 * overlap, as the same code is translated from several places on.
 */
#ifndef RUNNERS_EXACT_HOME_CODE_H
#define RUNNERS_EXACT_HOME_CODE_H

#include <jansson.h>
#include <stdint.h>

#include "runners/exact/home/symbols.h"

/* Names of functions, each of which gets a number when it is met first. */
struct named {
	const struct symbols *symbols;
	json_t *index;	   /* of symbols */
	json_t *functions; /* [name] */
	json_t *numbers;   /* {name: its number} */
};

void named_init(struct named *names, const struct symbols *symbols);
void named_free(struct named *names);

/* The number of the function that an address is in, or the part of it; a new reference. */
json_t *named_number(struct named *names, uint64_t addr);

/*
 * Adds "base" and "code" (common/calls/calls.h) to the calls of a run; blocks: as
 * runners/exact/plugin.c has them.
 */
void code_add(json_t *calls, const json_t *blocks, struct named *names);

#endif
