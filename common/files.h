/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the cache does with files. Functions that return bool print what failed, once.
 */
#ifndef COMMON_FILES_H
#define COMMON_FILES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* malloc'ed text made from a format; the program ends if there is no memory. */
char *files_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Likewise, and NULL if there is no file of that name. */
char *files_if_there(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

bool files_is_dir(const char *path);

/* Whether the disk that path is on is as good as full: less than 1 MiB is left. */
bool files_full(const char *path);

/* Makes the folder and all above it. */
bool files_make_dirs(const char *path);

/* Makes the folders above path. */
bool files_make_above(const char *path);

bool files_write(const char *path, const void *data, size_t len);

/*
 * Makes the regular file that a user named, or replaces what is in it: an empty file, or one that
 * has the mark in its head, so that it is one of ours. Any other is left as it is.
 */
bool files_replace(const char *path, const void *data, size_t len, const char *mark);

bool files_copy(const char *from, const char *to);

/* The checksum of a regular file in hex; malloc'ed, or NULL. */
char *files_sha256(const char *path);

/* The paths of what is in a folder, hidden files left out, sorted: a new array, or NULL. */
json_t *files_in(const char *folder);

/* Removes path and all below it; does not follow links. What cannot be removed stays. */
void files_remove(const char *path);

#endif
