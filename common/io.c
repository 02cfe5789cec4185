// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool io_write_all(int fd, const char *buf, size_t len)
{
	ssize_t put;

	while (len) {
		put = write(fd, buf, len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		buf += put;
		len -= (size_t)put;
	}
	return true;
}

char *io_read_file(const char *path)
{
	struct io_lines lines = {.fd = open(path, O_RDONLY | O_CLOEXEC)};
	ssize_t got;
	int saved;

	if (lines.fd < 0)
		return NULL;
	while ((got = io_lines_fill(&lines)) > 0)
		;
	saved = errno;
	close(lines.fd);
	if (got < 0) {
		free(lines.buf);
		errno = saved;
		return NULL;
	}
	if (lines.used && lines.buf[lines.used - 1] == '\n')
		lines.used--;
	lines.buf[lines.used] = '\0';
	return lines.buf;
}

char *io_read_filef(const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	return io_read_file(path);
}

size_t io_meminfo(const char *name)
{
	char *text = io_read_file("/proc/meminfo"), *p = text ? strstr(text, name) : NULL;
	size_t kib = p ? strtoul(p + strlen(name), NULL, 10) : 0;

	free(text);
	return kib * 1024;
}

ssize_t io_lines_fill(struct io_lines *lines)
{
	ssize_t got;
	char *more;

	if (lines->taken) {
		lines->used -= lines->taken;
		memmove(lines->buf, lines->buf + lines->taken, lines->used);
		lines->taken = 0;
	}
	if (lines->room - lines->used < 4096) {
		more = realloc(lines->buf, lines->room * 2 + 8192);
		if (!more)
			return -1;
		lines->buf = more;
		lines->room = lines->room * 2 + 8192;
	}
	do {
		got = read(lines->fd, lines->buf + lines->used, lines->room - lines->used - 1);
	} while (got < 0 && errno == EINTR);
	if (got > 0)
		lines->used += (size_t)got;
	return got;
}

char *io_lines_next(struct io_lines *lines)
{
	char *start, *end;

	if (lines->used == lines->taken)
		return NULL;
	start = lines->buf + lines->taken;
	end = memchr(start, '\n', lines->used - lines->taken);
	if (!end)
		return NULL;
	*end = '\0';
	lines->taken = (size_t)(end + 1 - lines->buf);
	return start;
}

char *io_lines_wait(struct io_lines *lines)
{
	char *line;

	while (!(line = io_lines_next(lines)))
		if (io_lines_fill(lines) <= 0)
			return NULL;
	return line;
}

void io_lines_free(struct io_lines *lines)
{
	free(lines->buf);
	lines->buf = NULL;
	lines->used = lines->room = lines->taken = 0;
}
