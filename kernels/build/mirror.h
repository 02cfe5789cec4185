/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A copy of a source folder that is brought up to date file by file, so that make sees by their
 * times which ones have changed since it last looked.
 */
#ifndef KERNELS_BUILD_MIRROR_H
#define KERNELS_BUILD_MIRROR_H

#include <stdbool.h>

/* Writes path, size and time of all files below tree to the file `to`. */
bool mirror_list(const char *tree, const char *to);

/*
 * Makes `to` a copy of tree. A file that differs gets the present time, whatever its time in the
 * tree is; one that was edited in the copy is made good. False, with a message, on errors, and
 * without one if child_interrupted().
 */
bool mirror_update(const char *tree, const char *to);

#endif
