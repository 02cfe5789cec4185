/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The geometry of the caches and TLBs of a CPU, of which exact mode makes a model. A file of
 * configs/caches/ has it for people; everybody else has it as one text, without blanks and commas:
 *
 *   NAME:l1d=BYTES/WAYS/LINE:l2=...:llc=...:dtlb=ENTRIES/WAYS:l2tlb=...:walk=...
 *
 * Levels that a CPU does not have are left out.
 */
#ifndef COMMON_CACHES_MODEL_H
#define COMMON_CACHES_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which they are asked: name, whether it is of lines (else of pages), what a miss
 * is called in journals. */
#define CACHE_LEVELS(X)                                                             \
	X(L1D, "l1d", true, "L1D-misses")                                           \
	X(L2, "l2", true, "L2-misses")                                              \
	X(LLC, "llc", true, "LLC-misses") /* the last level that is in the model */ \
	X(DTLB, "dtlb", false, "DTLB-misses")                                       \
	X(L2TLB, "l2tlb", false, "walks")    /* a miss of the last TLB */           \
	X(WALK, "walk", false, "long-walks") /* that found no pointer to the table they end in */

enum cache_level {
#define X(id, name, lines, misses) CACHE_##id,
	CACHE_LEVELS(X)
#undef X
	NR_CACHE_LEVELS
};

#define CACHE_MODEL_TEXT 512 /* room for any text, terminator included */
#define CACHE_MODEL_NAME 40  /* and for any name */

struct cache_model {
	char name[CACHE_MODEL_NAME];
	struct cache_geometry {
		uint32_t sets, ways; /* 0: there is no such level */
		uint32_t line;	     /* bytes, a power of 2; 1 of pages */
	} level[NR_CACHE_LEVELS];
};

/*
 * Reads the file at path, whose name is the model's. Prints one line naming file and line, and
 * returns false, if anything is wrong. Home side only.
 */
bool cache_model_read(struct cache_model *ret, const char *path);

/* The text; and from it, false if it is none. */
const char *cache_model_text(const struct cache_model *model, char text[CACHE_MODEL_TEXT]);
bool cache_model_parse(struct cache_model *ret, const char *text);

/* What a miss of a level is called in journals. */
const char *cache_model_misses(enum cache_level level);

/* Whether the geometry of a level can be: NULL, or what it has to be, static text. */
const char *cache_model_fault(enum cache_level level, uint64_t size, uint64_t ways, uint64_t line);

#endif
