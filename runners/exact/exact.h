/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The home side of exact mode: what the plugin in QEMU counts, joined with what the worker in the
 * guest reports.
 */
#ifndef RUNNERS_EXACT_EXACT_H
#define RUNNERS_EXACT_EXACT_H

#include <jansson.h>
#include <stdbool.h>

#include "common/arch.h"
#include "runners/exact/home/kinds.h"
#include "runners/exact/home/symbols.h"

/* One guest's. */
struct exact {
	const struct arch *arch;
	bool several;	    /* vCPUs: what another task does while an op waits is not counted */
	const char *caches; /* that there is a model of (common/caches/model.h); NULL: none */
	int counts;	    /* a file that has no name: the plugin appends to it */
	int entries;	    /* the plugin's end of a pipe, */
	int to_plugin;	    /* and ours; -1 once it has been told */
	int functions;	    /* a file that has no name, of what the plugin has to know of
			       them; 0 unless calls are followed */
	size_t taken;	    /* bytes of counts read */
	json_int_t runs;    /* records of runs taken */
	size_t nr_entries;  /* lines it has been told */
	char *mapped;	    /* how the guest maps its kernel; NULL: it has not said */
	const char *blind;  /* why interrupts cannot be told apart; NULL if they can */
	struct symbols symbols;
	struct kinds kinds; /* of data; empty unless lines of memory are counted */
};

/*
 * Prepares for a guest of arch, of one vCPU or several, whose calls are followed or not; caches is
 * borrowed. False with a message printed.
 */
bool exact_open(struct exact *x, const struct arch *arch, bool several, bool calls,
		const char *caches);

/*
 * Takes a record of the worker before it goes to the journal. Returns what goes there instead, a
 * new reference: a run with its counts (common/record.h: unit "insn", counts, functions), as failed
 * if there are none, as void if other tasks or interrupts are among the operation's own; other
 * records as they are; NULL for "symbols", "layout" and "mapped", which are for us.
 */
json_t *exact_take(struct exact *x, const json_t *record);

void exact_close(struct exact *x);

#endif
