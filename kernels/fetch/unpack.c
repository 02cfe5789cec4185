// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/fetch/unpack.h"

#include <limits.h>
#include <lz4.h>
#include <lzma.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "common/msg.h"

#define FIRST_ROOM (1u << 22)
/* What a decoder may take: xz -9e needs 65 MiB, the kernel's own choice for xz 129 MiB. */
#define MOST_MEMORY (UINT64_C(256) << 20)

/* Why a decoder has stopped: NULL to go on, or one of these. */
static const char at_end[] = "complete";
static const char cut[] = "cut off; copy or build it again";
static const char damaged[] = "damaged; copy or build it again";
static const char too_hungry[] = "so packed that it takes too much memory to unpack; pack it "
				 "again, with the tool's defaults";
static const char too_large[] = "more than 1 GiB when it is unpacked: no kernel";
static const char no_memory[] = "too large for the memory there is";

struct stream {
	const unsigned char *in; /* what is left of the input */
	size_t left;
	unsigned char *out;
	size_t used, room;
	union {
		z_stream zlib;
		lzma_stream lzma;
		ZSTD_DStream *zstd;
		struct lz4_block {
			char *text;
			size_t at, len; /* what is left of it */
		} lz4;
	} with;
};

/* A decoder: step() goes on until the input is used up or the room is full. */
struct method {
	const char *name, *magic;
	size_t magic_len, least; /* bytes */
	bool (*begin)(struct stream *s);
	const char *(*step)(struct stream *s);
	void (*end)(struct stream *s);
};

static bool zlib_begin(struct stream *s)
{
	s->with.zlib = (z_stream){0};
	return inflateInit2(&s->with.zlib, 16 + MAX_WBITS) == Z_OK;
}

static const char *zlib_step(struct stream *s)
{
	z_stream *z = &s->with.zlib;
	uInt left = s->left < UINT_MAX ? (uInt)s->left : UINT_MAX;
	int rc;

	z->next_in = (unsigned char *)s->in;
	z->avail_in = left;
	z->next_out = s->out + s->used;
	z->avail_out = (uInt)(s->room - s->used);
	rc = inflate(z, Z_NO_FLUSH);
	s->used = s->room - z->avail_out;
	s->in += left - z->avail_in;
	s->left -= left - z->avail_in;
	if (rc == Z_STREAM_END)
		return at_end;
	if (rc == Z_MEM_ERROR)
		return no_memory;
	return rc == Z_OK || rc == Z_BUF_ERROR ? NULL : damaged;
}

static void zlib_end(struct stream *s)
{
	inflateEnd(&s->with.zlib);
}

/* Both .xz and .lzma. */
static bool lzma_begin(struct stream *s)
{
	s->with.lzma = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_auto_decoder(&s->with.lzma, MOST_MEMORY, 0) == LZMA_OK;
}

static const char *lzma_step(struct stream *s)
{
	lzma_stream *lzma = &s->with.lzma;
	lzma_ret rc;

	lzma->next_in = s->in;
	lzma->avail_in = s->left;
	lzma->next_out = s->out + s->used;
	lzma->avail_out = s->room - s->used;
	rc = lzma_code(lzma, LZMA_RUN);
	s->used = s->room - lzma->avail_out;
	s->in = lzma->next_in;
	s->left = lzma->avail_in;
	if (rc == LZMA_STREAM_END)
		return at_end;
	if (rc == LZMA_MEMLIMIT_ERROR)
		return too_hungry;
	if (rc == LZMA_MEM_ERROR)
		return no_memory;
	return rc == LZMA_OK || rc == LZMA_BUF_ERROR ? NULL : damaged;
}

static void stop_lzma(struct stream *s)
{
	lzma_end(&s->with.lzma);
}

static bool zstd_begin(struct stream *s)
{
	s->with.zstd = ZSTD_createDStream();
	return s->with.zstd;
}

static const char *zstd_step(struct stream *s)
{
	ZSTD_inBuffer in = {s->in, s->left, 0};
	ZSTD_outBuffer out = {s->out, s->room, s->used};
	size_t rc = ZSTD_decompressStream(s->with.zstd, &out, &in);

	s->used = out.pos;
	s->in += in.pos;
	s->left -= in.pos;
	if (rc == 0)
		return at_end;
	if (ZSTD_getErrorCode(rc) == ZSTD_error_frameParameter_windowTooLarge)
		return too_hungry;
	if (ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation)
		return no_memory;
	return ZSTD_isError(rc) ? damaged : NULL;
}

static void zstd_end(struct stream *s)
{
	ZSTD_freeDStream(s->with.zstd);
}

/*
 * What `lz4 -l` writes and kernels are packed with: a magic, then blocks that begin with their
 * packed size. Nothing says where they end, but a kernel build puts the unpacked size there.
 */
#define LZ4_MAGIC UINT32_C(0x184c2102)
#define LZ4_BLOCK (8 << 20) /* bytes of each, unpacked; the last has less */

static uint32_t get32(const unsigned char *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static bool lz4_begin(struct stream *s)
{
	s->with.lz4 = (struct lz4_block){.text = malloc(LZ4_BLOCK)};
	s->in += 4;
	s->left -= 4;
	return s->with.lz4.text;
}

static const char *lz4_next(struct stream *s)
{
	struct lz4_block *block = &s->with.lz4;
	uint32_t size = s->left < 4 ? 0 : get32(s->in);
	int len;

	if (s->left <= 4)
		return s->left < 4 || size == s->used ? at_end : cut;
	if (size == LZ4_MAGIC)
		return at_end;
	if (size > s->left - 4)
		return cut;
	len = size > (uint32_t)LZ4_COMPRESSBOUND(LZ4_BLOCK)
		      ? -1
		      : LZ4_decompress_safe((const char *)s->in + 4, block->text, (int)size,
					    LZ4_BLOCK);
	if (len <= 0)
		return damaged;
	block->at = 0;
	block->len = (size_t)len;
	s->in += 4 + size;
	s->left -= 4 + size;
	return NULL;
}

static const char *lz4_step(struct stream *s)
{
	struct lz4_block *block = &s->with.lz4;
	const char *why = NULL;
	size_t nr;

	while (!why && s->used < s->room) {
		if (block->at == block->len) {
			why = lz4_next(s);
			continue;
		}
		nr = block->len - block->at;
		if (nr > s->room - s->used)
			nr = s->room - s->used;
		memcpy(s->out + s->used, block->text + block->at, nr);
		block->at += nr;
		s->used += nr;
	}
	return why;
}

static void lz4_end(struct stream *s)
{
	free(s->with.lz4.text);
}

static const struct method methods[] = {
	{"gzip", "\x1f\x8b\x08", 3, 18, zlib_begin, zlib_step, zlib_end},
	{"xz", "\xfd\x37zXZ\0", 6, 12, lzma_begin, lzma_step, stop_lzma},
	/* No magic: the properties everybody uses, and a dictionary of at least 64 KiB. */
	{"lzma", "\x5d\0\0", 3, 13, lzma_begin, lzma_step, stop_lzma},
	{"zstd", "\x28\xb5\x2f\xfd", 4, 9, zstd_begin, zstd_step, zstd_end},
	{"lz4", "\x02\x21\x4c\x18", 4, 9, lz4_begin, lz4_step, lz4_end},
};

static const struct method *find_method(const unsigned char *head, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (len >= methods[i].least &&
		    !memcmp(head, methods[i].magic, methods[i].magic_len))
			return &methods[i];
	return NULL;
}

const char *unpack_how(const unsigned char *head, size_t len)
{
	const struct method *method = find_method(head, len);

	return method ? method->name : NULL;
}

/* More room behind what is there; NULL, or why there is none. */
static const char *grow(struct stream *s)
{
	size_t room = s->room ? 2 * s->room : FIRST_ROOM;
	unsigned char *larger;

	if (room > UNPACK_MOST)
		return too_large;
	larger = realloc(s->out, room);
	if (!larger)
		return no_memory;
	s->out = larger;
	s->room = room;
	return NULL;
}

static const char *unpack_stream(struct stream *s, const struct method *method)
{
	const char *why = NULL;

	if (!method->begin(s))
		return no_memory;
	while (!why) {
		if (s->used == s->room)
			why = grow(s);
		if (!why)
			why = method->step(s);
		if (!why && s->used < s->room)
			why = cut; /* it would have filled the room */
	}
	method->end(s);
	return why;
}

bool unpack(const char *name, const unsigned char *data, size_t len, unsigned char **ret,
	    size_t *ret_len)
{
	const struct method *method = find_method(data, len);
	struct stream s = {.in = data, .left = len};
	const char *why;

	if (!method)
		return err("%s: not packed, or not with gzip, xz, lzma, zstd or lz4", name);
	do
		why = unpack_stream(&s, method);
	while (why == at_end && find_method(s.in, s.left) == method);
	if (why == at_end && !s.used)
		why = "empty; copy or build it again";
	if (why != at_end) {
		free(s.out);
		return err("%s: the %s data in it is %s", name, method->name, why);
	}
	*ret = s.out;
	*ret_len = s.used;
	return true;
}
