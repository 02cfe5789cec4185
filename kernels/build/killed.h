/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What git and make leave where they are killed at once, so that they could not clean up: whoever
 * comes next removes it, and holds the tree's lock.
 */
#ifndef KERNELS_BUILD_KILLED_H
#define KERNELS_BUILD_KILLED_H

#include <stdbool.h>

/* Removes locks and halves of objects from a repository of ours; nobody else may work in it. */
void killed_git_mend(const char *git_dir);

/*
 * Around a make in the folder out. If the one before did not come to killed_make_end(), what was
 * written there last may be cut, and make would take it for whole as it is new: it is removed.
 * False, with a message, if no note of this one can be made.
 */
bool killed_make_begin(const char *out);
void killed_make_end(const char *out);

#endif
