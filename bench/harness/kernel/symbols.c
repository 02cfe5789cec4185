// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel has 100,000 functions, and an emulated CPU takes seconds to handle their names with
 * care: stdio and a JSON library took a quarter of all that a guest does. So they are copied from
 * buffer to buffer, and what would have to be escaped, which no compiler makes of C, is left out.
 */
#include "bench/harness/kernel/symbols.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/harness/kernel/layout.h"
#include "common/io.h"

#define SENT_AT_ONCE (64 << 10) /* bytes */

struct sender {
	int fd;
	size_t used;
	bool failed;
	char out[SENT_AT_ONCE];
};

static void flush(struct sender *s)
{
	s->failed = s->failed || !io_write_all(s->fd, s->out, s->used);
	s->used = 0;
}

static void put(struct sender *s, const char *text, size_t len)
{
	if (s->used + len > sizeof(s->out))
		flush(s);
	memcpy(s->out + s->used, text, len);
	s->used += len;
}

/* The address of data that somebody wants to read. */
static void note_data(const char *line, const char *name, size_t len)
{
	struct layout_value *v;

	for (v = layout_values; v->name; v++)
		if (strlen(v->name) == len && !memcmp(v->name, name, len))
			v->addr = strtoull(line, NULL, 16);
}

/* A line is "ADDRESS TYPE NAME" or, of a module, "ADDRESS TYPE NAME\t[MODULE]". */
static void put_function(struct sender *s, const char *line, size_t len)
{
	const char *type = memchr(line, ' ', len), *name, *tab;

	if (!type || type + 3 >= line + len || type[2] != ' ')
		return;
	name = type + 3;
	len -= (size_t)(name - line);
	if (*name == 'p' && strchr("bBdDrR", type[1]))
		note_data(line, name, len);
	if (!strchr("tTwW", type[1]))
		return;
	tab = memchr(name, '\t', len);
	if (tab)
		len = (size_t)(tab - name);
	if (memchr(name, '"', len) || memchr(name, '\\', len))
		return;
	put(s, line, (size_t)(type + 1 - line));
	put(s, name, len);
	put(s, "\\n", 2);
}

static void put_functions(struct sender *s, int in)
{
	static char buffer[32 << 10];
	size_t have = 0;
	char *line, *end;
	ssize_t got;

	while ((got = read(in, buffer + have, sizeof(buffer) - have)) > 0) {
		have += (size_t)got;
		for (line = buffer; (end = memchr(line, '\n', have)); line = end + 1) {
			put_function(s, line, (size_t)(end - line));
			have -= (size_t)(end + 1 - line);
		}
		memmove(buffer, line, have);
	}
}

bool symbols_send(int fd)
{
	static struct sender s;
	int in = open("/proc/kallsyms", O_RDONLY | O_CLOEXEC);

	s = (struct sender){.fd = fd};
	put(&s, "{\"type\":\"symbols\",\"text\":\"", strlen("{\"type\":\"symbols\",\"text\":\""));
	if (in >= 0) {
		put_functions(&s, in);
		close(in);
	}
	put(&s, "\"}\n", 3);
	flush(&s);
	return !s.failed;
}
