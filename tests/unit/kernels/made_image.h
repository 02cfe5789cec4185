// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_UNIT_KERNELS_MADE_IMAGE_H
#define TESTS_UNIT_KERNELS_MADE_IMAGE_H

/*
 * Kernel images that have just enough of their format.
 */
#include <stddef.h>
#include <stdint.h>

#define ROOM 4096

/* A number of some bytes, little-endian. */
void put(unsigned char *at, uint64_t value, int bytes);

/* An image in ROOM bytes; each returns how much of it there is. */
size_t make_bzimage(unsigned char *image);
size_t make_arm64(unsigned char *image);
size_t make_elf(unsigned char *image);

struct packing {
	const char *name, *zboot; /* zboot: what a kernel build calls it */
	size_t (*pack)(unsigned char *out, const unsigned char *data, size_t len);
};

#define NR_PACKINGS 5
extern const struct packing packings[NR_PACKINGS];

size_t pack_lzma(unsigned char *out, const unsigned char *data, size_t len);

/* An EFI zboot image of make_arm64()'s. */
size_t make_zboot(unsigned char *image, const struct packing *packing);

/* For tests whose refusals are many and expected. */
int be_quiet(void **state);
int speak_again(void **state);

#endif
