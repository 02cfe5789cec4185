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

/* Cuts the file after its last newline. */
static bool drop_cut_line(struct journal *j)
{
	char block[65536];
	off_t size = lseek(j->fd, 0, SEEK_END), end = size, start;
	ssize_t got, i;

	while (end > 0) {
		start = end > (off_t)sizeof(block) ? end - (off_t)sizeof(block) : 0;
		got = pread(j->fd, block, (size_t)(end - start), start);
		if (got <= 0)
			return err_errno("%s: cannot be read", j->path);
		for (i = got - 1; i >= 0 && block[i] != '\n'; i--)
			;
		if (i >= 0) {
			end = start + i + 1;
			break;
		}
		end = start;
	}
	if (end == size)
		return true;
	note("%s: the last line was cut, its %lld bytes are dropped", j->path,
	     (long long)(size - end));
	if (ftruncate(j->fd, end))
		return err_errno("%s: the cut last line cannot be removed", j->path);
	return true;
}

bool journal_open(struct journal *j, const char *path)
{
	struct stat st;

	*j = (struct journal){.fd = -1};
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return err("%s: not a regular file; a journal is a file of its own", path);
	j->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (j->fd < 0)
		return err_errno("%s: cannot be opened for writing", path);
	j->path = strdup(path);
	if (flock(j->fd, LOCK_EX | LOCK_NB)) {
		err("%s: another faultbench is writing to it; wait for it or give another --out",
		    path);
		goto fail;
	}
	if (!drop_cut_line(j))
		goto fail;
	return true;
fail:
	journal_close(j);
	return false;
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

bool journal_append(struct journal *j, const json_t *record)
{
	char *text = json_dumps(record, RECORD_DUMP), *line = NULL;
	off_t before = lseek(j->fd, 0, SEEK_END);
	bool ok = false;
	ssize_t put;
	int len;

	if (!text || before < 0)
		goto out;
	len = asprintf(&line, "%s\n", text);
	if (len < 0)
		goto out;
	put = write(j->fd, line, (size_t)len);
	/* A short write does not say why; going on with the rest does. */
	if (put >= 0 && put < len && write(j->fd, line + put, (size_t)(len - put)) == len - put)
		put = len;
	if (put == len && fdatasync(j->fd) == 0) {
		ok = true;
		goto out;
	}
	err_errno("%s: a record cannot be written", j->path);
	if (ftruncate(j->fd, before))
		err_errno("%s: the cut record cannot be taken back", j->path);
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

static void clean_label(json_t *label)
{
	char *text = json_is_string(label) ? strdup(json_string_value(label)) : NULL;

	if (text)
		clean_text(text, "");
	if (text)
		json_string_set(label, text);
	free(text);
}

/* Whoever reads a journal of others prints its labels, in lines and columns of tables. */
static void clean_labels(const json_t *record)
{
	json_t *label;
	size_t i;

	clean_label(json_object_get(record, "kernel"));
	clean_label(json_object_get(record, "label"));
	json_array_foreach(json_object_get(record, "kernels"), i, label) {
		clean_label(label);
	}
}

bool journal_read(const char *path, journal_line_fn *fn, void *arg)
{
	size_t room = 0, lineno = 0;
	char *line = NULL;
	bool ok = false;
	json_error_t error;
	struct stat st;
	json_t *json;
	ssize_t len;
	FILE *file;

	file = fopen(path, "re");
	if (!file)
		return err_errno("%s: cannot be read", path);
	if (fstat(fileno(file), &st) == 0 && !S_ISREG(st.st_mode)) {
		err("%s: not a regular file, so not a journal", path);
		goto out;
	}
	while ((len = getline(&line, &room, file)) > 0) {
		lineno++;
		if (line[len - 1] != '\n')
			break; /* cut by a kill: never whole, so never counted */
		json = json_loadb(line, (size_t)len, 0, &error);
		if (!json_is_string(json_object_get(json, "type"))) {
			err("%s:%zu: not a line of a journal (%s)", path, lineno,
			    json ? "no \"type\"" : error.text);
			json_decref(json);
			goto out;
		}
		clean_labels(json);
		ok = fn(arg, json, lineno);
		json_decref(json);
		if (!ok)
			goto out;
		ok = false;
	}
	if (ferror(file)) {
		err_errno("%s: cannot be read", path);
		goto out;
	}
	ok = true;
out:
	free(line);
	fclose(file);
	return ok;
}
