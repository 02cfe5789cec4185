/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small helpers for files and streams of lines.
 */
#ifndef COMMON_IO_H
#define COMMON_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Opens those of descriptors 0, 1 and 2 that are closed, such that using them fails as before: else
 * the next file that is opened would get what is meant for them. A limit of file sizes becomes an
 * error of write(). First thing in main().
 */
void io_open_standard(void);

/* Writes all of buf, resuming short and interrupted writes. False with errno on an error. */
bool io_write_all(int fd, const char *buf, size_t len);

/*
 * Reads a small file (as those of /proc and /sys, whose size is not known) whole. Returns a
 * malloc'ed, NUL-terminated text without its last newline, or NULL with errno: also if it is no
 * regular file, or of more than 64 MiB.
 */
char *io_read_file(const char *path);

/* Likewise of a file that a user named: a text has no NUL. NULL with a message printed. */
char *io_read_text(const char *path);

/* Likewise what is left to read of a descriptor, which is closed; -1: NULL, somebody has said why.
 */
char *io_text_of(int fd, const char *path);

/* Like io_read_file(), path made from a format. */
char *io_read_filef(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Bytes that a line of /proc/meminfo, "MemAvailable:", says; 0 if there is none. */
size_t io_meminfo(const char *name);

/*
 * Opens a regular file to be read: anything else could keep us waiting, or never end. -1 with a
 * message printed.
 */
int io_open_file(const char *path);

/* Lines that arrive on a descriptor, possibly in pieces. Zero it, set fd. */
struct io_lines {
	int fd;
	size_t most; /* bytes of a line; of a longer one the rest is dropped. 0: no limit */
	char *buf;
	size_t used, room;
	size_t taken;  /* bytes of buf already handed out */
	size_t len;    /* of the line handed out last: it may hold a NUL */
	bool cut;      /* a line was longer than most, */
	bool dropping; /* and its end has not come */
	int error;     /* an errno, of the last read(); 0: there was none */
};

/*
 * Reads what is there (one read()). Returns its size, 0 at the end, -1 with errno.
 */
ssize_t io_lines_fill(struct io_lines *lines);

/*
 * The next whole line, newline replaced by NUL, or NULL if none is there yet. Valid until the
 * next call of either function.
 */
char *io_lines_next(struct io_lines *lines);

/* Fills until a line is there. NULL at the end of the stream or on an error. */
char *io_lines_wait(struct io_lines *lines);

void io_lines_free(struct io_lines *lines);

#endif
