// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/msg.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *program = "faultbench";

void msg_init(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');

	program = slash ? slash + 1 : argv0;
}

/* One write per message, so that lines of two processes never mix. */
static void say(const char *kind, const char *fmt, va_list ap, const char *tail)
{
	char text[4096];
	int used;

	used = vsnprintf(text, sizeof(text), fmt, ap);
	if (used < 0)
		return;
	fprintf(stderr, "%s: %s%s%s%s\n", program, kind, text, tail ? ": " : "", tail ? tail : "");
	fflush(stderr);
}

bool err(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("", fmt, ap, NULL);
	va_end(ap);
	return false;
}

bool err_errno(const char *fmt, ...)
{
	const char *tail = strerror(errno);
	va_list ap;

	va_start(ap, fmt);
	say("", fmt, ap, tail);
	va_end(ap);
	return false;
}

void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("note: ", fmt, ap, NULL);
	va_end(ap);
}
