/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole file, to be read as memory.
 */
#ifndef COMMON_MAP_H
#define COMMON_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

struct file_map {
	const unsigned char *data;
	size_t len; /* bytes, at least 1 */
	/* Which file that is, and since when it is as it is. */
	dev_t device;
	ino_t inode;
	struct timespec changed;
};

/* Prints one line and returns false if path is not a regular file with something in it. */
bool map_file(const char *path, struct file_map *ret);

/* Likewise of a regular file that is open, and is closed; -1: false, somebody has said why. */
bool map_fd(int fd, const char *path, struct file_map *ret);

void unmap_file(struct file_map *map);

#endif
