/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of folders that others have made: packages, trees, patches. Whatever names and links are
 * in there, nothing outside of the folder is opened, and nothing but regular files. All print what
 * failed, once; paths are those of the folder with more behind.
 */
#ifndef KERNELS_BENEATH_H
#define KERNELS_BENEATH_H

#include <stdbool.h>
#include <stddef.h>

#include "common/map.h"

/* Opens a file to be read, or, if it is there, to be overwritten. -1 with a message printed. */
int beneath_open(const char *folder, const char *path, int flags);

bool beneath_map(const char *folder, const char *path, struct file_map *ret);

/* Its text, as io_read_text() has it; NULL with a message printed. */
char *beneath_read(const char *folder, const char *path);

/* Copies it to a file of ours. */
bool beneath_copy(const char *folder, const char *path, const char *to);

/* Replaces what is in the file. */
bool beneath_write(const char *folder, const char *path, const char *text);

/* Whether a name is one of something below: neither absolute nor with "..". */
bool beneath_is_plain(const char *name);

#endif
