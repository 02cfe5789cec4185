/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kind of data is at an address of a guest's kernel, by what that says of itself
 * (bench/harness/kernel/layout.h).
 */
#ifndef RUNNERS_EXACT_HOME_KINDS_H
#define RUNNERS_EXACT_HOME_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arch.h"
#include "common/exact/data_kind.h"

/* Addresses from .. to - 1. */
struct range {
	uint64_t from, to;
};

struct ranges {
	struct range *of;
	size_t nr;
};

/* A guest's, for as long as it runs. */
struct kinds {
	uint64_t page; /* bytes; 0: nothing is known */
	struct segment {
		uint64_t vaddr, paddr, len;
		bool memory; /* all of it at once, as the page allocator sees it */
	} segment[64];
	size_t nr;
	/* Addresses as the kernel has them: of the image; and where CPUs enter it. */
	struct range per_cpu, entered;
};

/* Around one op: what each page frame was used for, a letter each, and areas of one kind. */
struct moment {
	char *before, *after;
	size_t nr_before, nr_after;
	struct ranges stacks, per_cpu; /* in vmalloc's areas */
};

/* Reads the text of a "layout" record of such a guest. False if it says too little. */
bool kinds_read(struct kinds *k, const struct arch *arch, const char *text);

/*
 * Reads the three parts, as the guest wrote them, that *text begins with, and moves it behind them.
 * False, *m empty, if they
 * are not there.
 */
bool moment_read(struct moment *m, const char **text);

enum data_kind kinds_find(const struct kinds *k, const struct moment *m, uint64_t addr);

void moment_free(struct moment *m);

#endif
