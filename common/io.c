// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/msg.h"

#define IO_MOST	    (64u << 20) /* bytes that a text has at most */
#define NOT_REGULAR EMEDIUMTYPE /* of what is opened here no call says it */

void io_open_standard(void)
{
	int fd = open("/dev/null", O_RDONLY);

	/* Writing more than ulimit -f allows fails then, as on a full disk. */
	signal(SIGXFSZ, SIG_IGN);
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

/* All there is of a descriptor, *ret_len bytes and a NUL; NULL with errno. */
static char *read_all(int fd, size_t *ret_len)
{
	struct io_lines lines = {.fd = fd};
	ssize_t got;
	int saved;

	while ((got = io_lines_fill(&lines)) > 0 && lines.used <= IO_MOST)
		;
	if (got) {
		saved = got < 0 ? errno : EFBIG;
		free(lines.buf);
		errno = saved;
		return NULL;
	}
	if (lines.used && lines.buf[lines.used - 1] == '\n')
		lines.used--;
	lines.buf[lines.used] = '\0';
	*ret_len = lines.used;
	return lines.buf;
}

/* Opens what is there without waiting for anybody; -1 with errno. */
static int open_regular(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || (!fstat(fd, &st) && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = NOT_REGULAR;
	return -1;
}

char *io_read_file(const char *path)
{
	int fd = open_regular(path), saved;
	size_t len;
	char *text;

	if (fd < 0)
		return NULL;
	text = read_all(fd, &len);
	saved = errno;
	close(fd);
	errno = saved;
	return text;
}

char *io_text_of(int fd, const char *path)
{
	size_t len = 0;
	char *text = fd < 0 ? NULL : read_all(fd, &len);

	if (fd >= 0 && !text)
		err_errno("%s: cannot be read", path);
	if (text && strlen(text) != len) {
		err("%s: has a NUL at byte %zu, so it is no text", path, strlen(text));
		free(text);
		text = NULL;
	}
	if (fd >= 0)
		close(fd);
	return text;
}

char *io_read_text(const char *path)
{
	return io_text_of(io_open_file(path), path);
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
	int fd = open_regular(path);

	if (fd < 0 && errno == NOT_REGULAR)
		err("%s: not a regular file", path);
	else if (fd < 0)
		err_errno("%s: cannot be read", path);
	return fd;
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
