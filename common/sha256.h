/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 as text, by which images, objects and files of reports are known.
 */
#ifndef COMMON_SHA256_H
#define COMMON_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_TEXT 65 /* hexadecimal, NUL-terminated */

/* Of len bytes. */
void sha256_data(const void *data, size_t len, char ret[SHA256_TEXT]);

/* Of what is left to read of a descriptor. False with errno. */
bool sha256_fd(int fd, char ret[SHA256_TEXT]);

#endif
