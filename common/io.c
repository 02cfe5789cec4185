// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/msg.h"

void io_open_standard(void)
{
	int fd = open("/dev/null", O_RDONLY);

	/* Reading from what only writes, and the reverse, fails as on a closed one. */
	while (fd >= 0 && fd <= STDERR_FILENO) {
		if (fd == STDIN_FILENO) {
			close(fd);
			open("/dev/null", O_WRONLY);
		}
		fd = open("/dev/null", O_RDONLY);
	}
	if (fd > STDERR_FILENO)
		close(fd);
}

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

int io_open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		err_errno("%s: cannot be read", path);
	} else if (!S_ISREG(st.st_mode)) {
		err("%s: not a regular file", path);
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

static ssize_t read_some(struct io_lines *lines, char *buf, size_t room)
{
	ssize_t got;

	do {
		got = read(lines->fd, buf, room);
	} while (got < 0 && errno == EINTR);
	lines->error = got < 0 ? errno : 0;
	return got;
}

/* The line in buf is too long: reads on, and drops what is before its newline. */
static ssize_t drop_some(struct io_lines *lines)
{
	char part[4096], *end;
	ssize_t got = read_some(lines, part, sizeof(part));

	lines->used = lines->most;
	end = got > 0 ? memchr(part, '\n', (size_t)got) : NULL;
	if (end) {
		/* There is room: the line was longer than most when it was read. */
		memcpy(lines->buf + lines->used, end, (size_t)(part + got - end));
		lines->used += (size_t)(part + got - end);
		lines->dropping = false;
	}
	return got;
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
	if (lines->room - lines->used < 8192) {
		more = realloc(lines->buf, lines->room * 2 + 16384);
		if (!more)
			return -1;
		lines->buf = more;
		lines->room = lines->room * 2 + 16384;
	}
	if (!lines->dropping && lines->most && lines->used >= lines->most &&
	    !memchr(lines->buf, '\n', lines->used))
		lines->dropping = lines->cut = true;
	if (lines->dropping)
		return drop_some(lines);
	got = read_some(lines, lines->buf + lines->used, lines->room - lines->used - 1);
	if (got > 0)
		lines->used += (size_t)got;
	return got;
}

char *io_lines_next(struct io_lines *lines)
{
	char *start, *end;

	if (lines->used == lines->taken || lines->dropping)
		return NULL;
	start = lines->buf + lines->taken;
	end = memchr(start, '\n', lines->used - lines->taken);
	if (!end)
		return NULL;
	*end = '\0';
	lines->len = (size_t)(end - start);
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
	lines->cut = lines->dropping = false;
}
