// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/clean.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/record.h"

#define MARK	  "{\"type\":\"plan\"," /* how the first line of a journal begins */
#define MARK_CHAR strlen(MARK)

/* The place after the last newline, 0 if there is none; -1 with errno. */
static off_t end_of_lines(int fd, off_t size)
{
	off_t end = size, start;
	char block[65536];
	ssize_t got, i;

	for (; end > 0; end = start) {
		start = end > (off_t)sizeof(block) ? end - (off_t)sizeof(block) : 0;
		got = pread(fd, block, (size_t)(end - start), start);
		if (got < 0)
			return -1;
		for (i = got - 1; i >= 0; i--)
			if (block[i] == '\n')
				return start + i + 1;
	}
	return 0;
}

/* Whether a whole line is the plan that a journal begins with. */
static bool is_plan(const char *line, size_t len)
{
	json_t *json = json_loadb(line, len, 0, NULL);
	const char *type = json_string_value(json_object_get(json, "type"));
	bool is = type && !strcmp(type, "plan");

	json_decref(json);
	return is;
}

/* Whether the file, not empty, begins as journals do. One whose first line was cut does so too. */
static bool begins_as_journal(const struct journal *j)
{
	struct io_lines lines = {.fd = j->fd, .most = RECORD_MOST};
	char *line = NULL;
	bool is = false;

	while (!line && !lines.cut && io_lines_fill(&lines) > 0 && lines.buf[0] == '{')
		line = io_lines_next(&lines);
	if (line)
		is = is_plan(line, lines.len);
	else if (!j->whole && lines.used > MARK_CHAR)
		is = !strncmp(lines.buf, MARK, MARK_CHAR);
	io_lines_free(&lines);
	return is;
}

/* Opens the file, or makes it. Nothing that is there is changed. */
static int open_or_make(struct journal *j, const char *path)
{
	const int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = open(path, flags);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	fd = open(path, flags | O_CREAT | O_EXCL, 0666);
	j->made = fd >= 0;
	return fd;
}

/* Looks at what was opened. Prints one line and returns false if it is no journal to be written. */
static bool check(struct journal *j)
{
	struct stat st;

	if (fstat(j->fd, &st))
		return err_errno("%s: cannot be read", j->path);
	if (!S_ISREG(st.st_mode))
		return err("%s: not a regular file; a journal is a file of its own", j->path);
	if (flock(j->fd, LOCK_EX | LOCK_NB))
		return err("%s: another faultbench is writing to it; wait for it or give another "
			   "--out",
			   j->path);
	if (fstat(j->fd, &st) || (j->whole = end_of_lines(j->fd, st.st_size)) < 0)
		return err_errno("%s: cannot be read", j->path);
	return !st.st_size || begins_as_journal(j) ||
	       err("%s: holds something else than a journal, and stays as it is; give another "
		   "--out",
		   j->path);
}

bool journal_open(struct journal *j, const char *path)
{
	struct stat st;

	*j = (struct journal){.fd = -1, .path = strdup(path)};
	/* Opening some devices does something. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		err("%s: not a regular file; a journal is a file of its own", path);
	else if ((j->fd = open_or_make(j, path)) < 0)
		err_errno("%s: cannot be opened for writing", path);
	else if (check(j))
		return true;
	journal_close(j);
	return false;
}

/* Takes away what was cut of the last line, before the first record is written. */
static bool drop_cut_line(struct journal *j)
{
	off_t size = lseek(j->fd, 0, SEEK_END);

	if (size == j->whole)
		return true;
	note("%s: the last line was cut, its %lld bytes are dropped", j->path,
	     (long long)(size - j->whole));
	return !ftruncate(j->fd, j->whole) ||
	       err_errno("%s: the cut last line cannot be removed", j->path);
}

/* Keeps a record that the journal had no room for, in the first place that has. */
static void save_elsewhere(const struct journal *j, const char *line, size_t len)
{
	static const char *const folders[] = {"/dev/shm", "/tmp", "."};
	char path[64];
	unsigned int i;
	int fd;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/faultbench-unsaved-XXXXXX", folders[i]);
		fd = mkstemp(path);
		if (fd < 0)
			continue;
		if (io_write_all(fd, line, len)) {
			close(fd);
			note("the record is kept in %s: make room, cat it onto %s, start again",
			     path, j->path);
			return;
		}
		close(fd);
		unlink(path);
	}
	note("the record could not be kept anywhere else; it follows on standard output");
	if (!io_write_all(STDOUT_FILENO, line, len))
		err("the record is lost");
}

/* A file that is new is on the disk when its folder is; not every kind of folder can be asked for
 * that. */
static bool keep_name(struct journal *j)
{
	char *slash = strrchr(j->path, '/');
	char *folder = slash ? strndup(j->path, (size_t)(slash - j->path) + 1) : strdup(".");
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	bool ok = fd < 0 || !fsync(fd) || errno != EIO;

	if (fd >= 0)
		close(fd);
	free(folder);
	return ok;
}

bool journal_append(struct journal *j, const json_t *record)
{
	const char *fault = record_fault(record);
	char *text = fault ? NULL : json_dumps(record, RECORD_DUMP), *line = NULL;
	bool ok = false;
	ssize_t put;
	int len;

	if (fault)
		err("%s: a record that is none is not written: %s", j->path, fault);
	if (!text || !drop_cut_line(j))
		goto out;
	len = asprintf(&line, "%s\n", text);
	if (len < 0)
		goto out;
	put = write(j->fd, line, (size_t)len);
	/* A short write does not say why; going on with the rest does. */
	if (put >= 0 && put < len && write(j->fd, line + put, (size_t)(len - put)) == len - put)
		put = len;
	if (put == len && fdatasync(j->fd) == 0 && (j->whole || !j->made || keep_name(j))) {
		j->whole += len;
		ok = true;
		goto out;
	}
	err_errno("%s: a record cannot be written", j->path);
	if (ftruncate(j->fd, j->whole))
		err_errno("%s: the cut record cannot be taken back", j->path);
	/* Of the first one, the plan, nothing has been measured. */
	if (j->whole)
		save_elsewhere(j, line, (size_t)len);
out:
	free(line);
	free(text);
	return ok;
}

void journal_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	free(j->path);
	*j = (struct journal){.fd = -1};
}

/* Why lines are left out: they are counted, and the first is named. */
struct skipped {
	size_t nr, lineno;
	char why[160];
};

static void skip(struct skipped *s, size_t lineno, const char *why)
{
	if (s->nr++)
		return;
	s->lineno = lineno;
	snprintf(s->why, sizeof(s->why), "%s", why);
}

/* A line as a record; NULL if it is none, with why in s. */
static json_t *read_record(const char *line, size_t len, size_t lineno, struct skipped *s)
{
	json_error_t error;
	json_t *json = json_loadb(line, len, 0, &error);
	const char *fault = json ? record_fault(json) : error.text;

	if (!fault)
		return json;
	skip(s, lineno, fault);
	json_decref(json);
	return NULL;
}

static bool say_skipped(const char *path, const struct skipped *s)
{
	if (s->nr && s->lineno == 1)
		return err("%s:1: not a line of a journal (%s)", path, s->why);
	if (s->nr)
		note("%s: %zu line%s left out, not a record; the first is line %zu (%s)", path,
		     s->nr, s->nr == 1 ? " is" : "s are", s->lineno, s->why);
	return true;
}

/*
 * Hands over all lines up to a cut one; false if fn does not go on. Whoever reads a journal of
 * others prints what is in it.
 */
static bool read_lines(struct io_lines *lines, journal_line_fn *fn, void *arg, struct skipped *s)
{
	size_t lineno = 0;
	bool ok = true;
	json_t *json;
	char *line;

	while (ok && !(s->nr && s->lineno == 1) && (line = io_lines_wait(lines))) {
		json = read_record(line, lines->len, ++lineno, s);
		if (!json)
			continue;
		clean_json(json);
		ok = fn(arg, json, lineno);
		json_decref(json);
	}
	return ok;
}

bool journal_read(const char *path, journal_line_fn *fn, void *arg)
{
	struct io_lines lines = {.fd = io_open_file(path), .most = RECORD_MOST};
	struct skipped skipped = {0};
	bool ok;

	if (lines.fd < 0)
		return false;
	ok = read_lines(&lines, fn, arg, &skipped);
	errno = lines.error;
	if (ok && errno)
		ok = err_errno("%s: cannot be read", path);
	ok = say_skipped(path, &skipped) && ok;
	io_lines_free(&lines);
	close(lines.fd);
	return ok;
}
