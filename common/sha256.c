// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * FIPS 180-4, sections 4.1.2, 5.1.1 and 6.2.2.
 */
#include "common/sha256.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 64

struct state {
	uint32_t hash[8];
	uint64_t len; /* bytes so far */
	unsigned char block[BLOCK];
};

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t K[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t rotr(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static uint32_t word(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void schedule(const unsigned char *block, uint32_t w[64])
{
	uint32_t a, b;
	int t;

	for (t = 0; t < 16; t++)
		w[t] = word(block + 4 * t);
	for (; t < 64; t++) {
		a = w[t - 15];
		b = w[t - 2];
		w[t] = w[t - 16] + (rotr(a, 7) ^ rotr(a, 18) ^ a >> 3) + w[t - 7] +
		       (rotr(b, 17) ^ rotr(b, 19) ^ b >> 10);
	}
}

static void take_block(struct state *s, const unsigned char *block)
{
	uint32_t w[64], v[8], t1, t2;
	int t;

	schedule(block, w);
	memcpy(v, s->hash, sizeof(v));
	for (t = 0; t < 64; t++) {
		t1 = v[7] + (rotr(v[4], 6) ^ rotr(v[4], 11) ^ rotr(v[4], 25)) +
		     ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[t] + w[t];
		t2 = (rotr(v[0], 2) ^ rotr(v[0], 13) ^ rotr(v[0], 22)) +
		     ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (t = 0; t < 8; t++)
		s->hash[t] += v[t];
}

static void begin(struct state *s)
{
	static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

	*s = (struct state){0};
	memcpy(s->hash, first, sizeof(first));
}

static void take(struct state *s, const unsigned char *data, size_t len)
{
	size_t used = s->len % BLOCK, part;

	s->len += len;
	for (; len; len -= part, data += part, used = 0) {
		part = len < BLOCK - used ? len : BLOCK - used;
		if (part == BLOCK) {
			take_block(s, data);
			continue;
		}
		memcpy(s->block + used, data, part);
		if (used + part == BLOCK)
			take_block(s, s->block);
	}
}

static void end(struct state *s, char ret[SHA256_TEXT])
{
	static const unsigned char pad[BLOCK] = {0x80};
	uint64_t bits = s->len * 8;
	unsigned char size[8];
	int i;

	take(s, pad, 1 + (BLOCK + 55 - s->len % BLOCK) % BLOCK);
	for (i = 0; i < 8; i++)
		size[i] = (unsigned char)(bits >> (56 - 8 * i));
	take(s, size, sizeof(size));
	for (i = 0; i < 8; i++)
		snprintf(ret + (ptrdiff_t)8 * i, 9, "%08x", s->hash[i]);
}

void sha256_data(const void *data, size_t len, char ret[SHA256_TEXT])
{
	struct state s;

	begin(&s);
	take(&s, data, len);
	end(&s, ret);
}

bool sha256_fd(int fd, char ret[SHA256_TEXT])
{
	unsigned char part[65536];
	struct state s;
	ssize_t got;

	begin(&s);
	while ((got = read(fd, part, sizeof(part))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		take(&s, part, (size_t)got);
	}
	end(&s, ret);
	return true;
}
