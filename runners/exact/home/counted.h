/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the plugin writes of a run (runners/exact/plugin.c), as journals have it.
 */
#ifndef RUNNERS_EXACT_HOME_COUNTED_H
#define RUNNERS_EXACT_HOME_COUNTED_H

#include <jansson.h>

#include "runners/exact/home/symbols.h"

/* Columns of its "iterations", in front of the classes, and of its "turns". */
enum {
	IT_INSN,
	IT_USER,
	IT_INTERRUPT,
	IT_INTERRUPTS,
	IT_CLASSES
};
enum {
	TURNS_SWITCHES,
	TURNS_INSN
};

/* One column of all iterations. */
json_t *counted_column(const json_t *iterations, size_t index);

/* How often the kernel went on with another task, of an element of "turns". */
json_int_t counted_switches(const json_t *turn);

/* {"user", "interrupt", "interrupts", class ...}: an array over iterations each; of several vCPUs
 * or one. */
json_t *counted_counts(const json_t *iterations, bool several);

/* {name: {"addr", "insn", "calls", class ...}}, summed over the run's iterations, of "blocks". */
json_t *counted_functions(const struct symbols *symbols, const json_t *blocks);

/* Of an element of "blocks": where it begins, how often it was executed, the lengths of its
 * instructions ("" if it has none). */
uint64_t counted_address(const json_t *block);
uint64_t counted_executed(const json_t *block);
const char *counted_lengths(const json_t *block);

/* {name of a level's misses: [an iteration each]}, of the levels that the geometry has, and
 * accesses. */
json_t *counted_misses(const char *geometry, const json_t *misses);

#endif
