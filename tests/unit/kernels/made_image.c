// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <lz4hc.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "kernels/kernel.h"
#include "tests/unit/kernels/made_image.h"

void put(unsigned char *at, uint64_t value, int bytes)
{
	for (; bytes--; value >>= 8)
		*at++ = (unsigned char)value;
}

size_t make_bzimage(unsigned char *image)
{
	memset(image, 0, ROOM);
	put(image + 0x1fe, 0xaa55, 2);
	memcpy(image + 0x202, "HdrS", 4);
	put(image + 0x206, 0x20f, 2);
	put(image + 0x20e, 0x400, 2);
	image[0x236] = 1;
	strcpy((char *)image + 0x600, "6.1.0-56-cloud-amd64 (someone) #1 SMP");
	return ROOM;
}

size_t make_arm64(unsigned char *image)
{
	memset(image, 0, ROOM);
	memcpy(image, "MZ", 2);
	memcpy(image + 56, "ARM\x64", 4);
	strcpy((char *)image + 1000, "Linux version %s (%s)");
	strcpy((char *)image + 2000, "Linux version 6.12.117+deb12 (someone) #1");
	return ROOM;
}

/* A vmlinux with one PT_NOTE segment: a note of another owner, then the PVH entry. */
size_t make_elf(unsigned char *image)
{
	memset(image, 0, ROOM);
	memcpy(image,
	       "\x7f"
	       "ELF\2\1\1",
	       7);
	put(image + 16, 2, 2);
	put(image + 18, 62, 2);
	put(image + 32, 64, 8); /* e_phoff */
	put(image + 54, 56, 2); /* e_phentsize */
	put(image + 56, 1, 2);	/* e_phnum */
	put(image + 64, 4, 4);	/* PT_NOTE */
	put(image + 72, 0x200, 8);
	put(image + 96, 40, 8);
	memcpy(image + 0x200, "\4\0\0\0\4\0\0\0\1\0\0\0GNU\0abcd", 20);
	memcpy(image + 0x214, "\4\0\0\0\4\0\0\0\x12\0\0\0Xen\0abcd", 20);
	return ROOM;
}

static size_t pack_gzip(unsigned char *out, const unsigned char *data, size_t len)
{
	z_stream z = {0};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, 0), Z_OK);
	z.next_in = (unsigned char *)data;
	z.avail_in = (uInt)len;
	z.next_out = out;
	z.avail_out = ROOM;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return ROOM - z.avail_out;
}

static size_t pack_xz(unsigned char *out, const unsigned char *data, size_t len)
{
	size_t used = 0;

	assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC32, NULL, data, len, out, &used,
						 ROOM),
			 LZMA_OK);
	return used;
}

size_t pack_lzma(unsigned char *out, const unsigned char *data, size_t len)
{
	lzma_stream lzma = LZMA_STREAM_INIT;
	lzma_options_lzma options;

	assert_false(lzma_lzma_preset(&options, 6));
	assert_int_equal(lzma_alone_encoder(&lzma, &options), LZMA_OK);
	lzma.next_in = data;
	lzma.avail_in = len;
	lzma.next_out = out;
	lzma.avail_out = ROOM;
	assert_int_equal(lzma_code(&lzma, LZMA_FINISH), LZMA_STREAM_END);
	lzma_end(&lzma);
	return ROOM - lzma.avail_out;
}

static size_t pack_zstd(unsigned char *out, const unsigned char *data, size_t len)
{
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	size_t used;

	ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1); /* as the program zstd does */
	used = ZSTD_compress2(zstd, out, ROOM, data, len);
	assert_false(ZSTD_isError(used));
	ZSTD_freeCCtx(zstd);
	return used;
}

static size_t pack_lz4(unsigned char *out, const unsigned char *data, size_t len)
{
	int used = LZ4_compress_HC((const char *)data, (char *)out + 8, (int)len, ROOM - 8, 9);

	assert_true(used > 0);
	put(out, 0x184c2102, 4);
	put(out + 4, (uint64_t)used, 4);
	return 8 + (size_t)used;
}

const struct packing packings[NR_PACKINGS] = {
	{"gzip", "gzip", pack_gzip},   {"xz", "xzkern", pack_xz}, {"lzma", "lzma", pack_lzma},
	{"zstd", "zstd22", pack_zstd}, {"lz4", "lz4", pack_lz4},
};

size_t make_zboot(unsigned char *image, const struct packing *packing)
{
	unsigned char kernel[ROOM], packed[ROOM];
	size_t len = packing->pack(packed, kernel, make_arm64(kernel));

	memset(image, 0, ROOM);
	memcpy(image, "MZ\0\0zimg", 8);
	put(image + 8, 0x400, 4);
	put(image + 12, len, 4);
	strcpy((char *)image + 24, packing->zboot);
	memcpy(image + 0x400, packed, len);
	return 0x400 + len;
}

static int own_stderr;

int be_quiet(void **state)
{
	(void)state;
	own_stderr = dup(STDERR_FILENO);
	return !freopen("/dev/null", "w", stderr);
}

int speak_again(void **state)
{
	(void)state;
	return dup2(own_stderr, STDERR_FILENO) < 0 || close(own_stderr);
}
