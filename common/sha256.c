// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/sha256.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <unistd.h>

static void finish(struct sha256_ctx *ctx, char ret[SHA256_TEXT])
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	size_t i;

	sha256_digest(ctx, sizeof(digest), digest);
	for (i = 0; i < sizeof(digest); i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
}

void sha256_data(const void *data, size_t len, char ret[SHA256_TEXT])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, len, data);
	finish(&ctx, ret);
}

bool sha256_fd(int fd, char ret[SHA256_TEXT])
{
	uint8_t buf[65536];
	struct sha256_ctx ctx;
	ssize_t got;

	sha256_init(&ctx);
	for (;;) {
		got = read(fd, buf, sizeof(buf));
		if (got > 0)
			sha256_update(&ctx, (size_t)got, buf);
		else if (!got)
			break;
		else if (errno != EINTR)
			return false;
	}
	finish(&ctx, ret);
	return true;
}
