// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/msg.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clean.h"

static const char *program = "faultbench";

void msg_init(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');

	program = slash ? slash + 1 : argv0;
}

/* One write per message, so that lines of two processes never mix. */
static void say(const char *kind, const char *fmt, va_list ap, const char *tail)
{
	char text[4096], *shown;

	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		return;
	shown = clean_text(text);
	fprintf(stderr, "%s: %s%s%s%s\n", program, kind, shown, tail ? ": " : "", tail ? tail : "");
	fflush(stderr);
	free(shown);
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
