/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel's image that executes so many instructions more, on purpose.
 */
#ifndef TESTS_TOOLS_EXACT_PATCH_H
#define TESTS_TOOLS_EXACT_PATCH_H

#include <stdint.h>

#define PATCH_TURN	 2 /* instructions of a turn */
#define PATCH_BESIDE	 2 /* the branch to them, and the first */
#define PATCH_MOST_TURNS 0xffff

/*
 * Writes out, the arm64 image in whose function at an address, where it first returns, takes so
 * many turns of a loop before. vectors: the address of the symbol, where there is room for that.
 * Returns 0, or 1 with a message printed.
 */
int exact_patch(const char *in, const char *out, uint64_t from, uint64_t vectors, int turns);

#endif
