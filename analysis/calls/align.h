/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls of two kernels, which compilers have inlined differently, as one tree.
 */
#ifndef ANALYSIS_CALLS_ALIGN_H
#define ANALYSIS_CALLS_ALIGN_H

#include "analysis/calls/tree.h"

/*
 * Adds two trees, of which side 0 is used and which stay what they are, to an empty one: its side 0
 * and its side 1. Functions are one whose names differ only in what a compiler appends (".isra.0")
 * or in the "_noprof" that allocations have since 6.10. One that only one of the kernels has
 * executed is a part of its caller, whose "parts" has its name, if something that it calls is also
 * called from there on the other kernel, each straight or through others of which that holds. False
 * without memory.
 */
bool call_align(struct call_tree *ret, const struct call_tree *base, const struct call_tree *other);

#endif
