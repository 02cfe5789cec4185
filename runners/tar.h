/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tar archive in a file without a name, for another machine.
 */
#ifndef RUNNERS_TAR_H
#define RUNNERS_TAR_H

#include <archive.h>
#include <stdbool.h>
#include <stddef.h>

/* One whose descriptor is *ret_fd. NULL with a message printed. */
struct archive *tar_begin(int *ret_fd);

/* Adds a file that only its owner may read, and start. False with a message printed. */
bool tar_put(struct archive *tar, const char *name, const void *data, size_t size);

/* Ends it and, if ok, goes to the file's beginning; else closes fd. Returns fd, or -1. */
int tar_end(struct archive *tar, int fd, bool ok);

#endif
