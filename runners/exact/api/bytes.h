/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GLib's array of bytes, into which QEMU reads a register.
 */
#ifndef RUNNERS_EXACT_API_BYTES_H
#define RUNNERS_EXACT_API_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	uint8_t *data;
	unsigned int len;
};

struct bytes *g_byte_array_new(void);
struct bytes *g_byte_array_set_size(struct bytes *array, unsigned int length);

/* One that is empty, always the same one. */
static inline struct bytes *bytes_empty(void)
{
	static struct bytes *array;

	if (!array)
		array = g_byte_array_new();
	return g_byte_array_set_size(array, 0);
}

/* False if they are not the bytes of one such number. */
static inline bool bytes_number(const struct bytes *array, uint64_t *ret)
{
	if (array->len != sizeof(*ret))
		return false;
	memcpy(ret, array->data, sizeof(*ret));
	return true;
}

#endif
