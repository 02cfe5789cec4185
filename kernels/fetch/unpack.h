/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packed data of kernels and modules, recognised by what it begins with, whatever the file is
 * called. Nothing here trusts its input: data may be cut, garbage or a bomb.
 */
#ifndef KERNELS_FETCH_UNPACK_H
#define KERNELS_FETCH_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#define UNPACK_MOST (1u << 30) /* bytes; no kernel is this large, a bomb is */

/* How data that begins with head[0..len) is packed: "gzip", "xz", "lzma", "zstd", "lz4"; else NULL.
 */
const char *unpack_how(const unsigned char *head, size_t len);

/*
 * Unpacks data into malloc'ed memory, *ret_len bytes of it. Several packed in the same way, one
 * after the other, are one, as for gzip, xz and zstd themselves; what else follows is left alone (a
 * kernel build puts the unpacked size there). Returns false, with a message about name printed, if
 * it is cut off, damaged, not packed in one of these ways or larger than UNPACK_MOST.
 */
bool unpack(const char *name, const unsigned char *data, size_t len, unsigned char **ret,
	    size_t *ret_len);

#endif
