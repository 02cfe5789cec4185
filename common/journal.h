/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A journal: JSON Lines, append-only. A line is written with one write() and is on the disk
 * before journal_append() returns; a last line that was cut (kill -9, power loss) is dropped.
 */
#ifndef COMMON_JOURNAL_H
#define COMMON_JOURNAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct journal {
	char *path;
	int fd;
	off_t whole; /* bytes of whole lines */
	bool made;   /* there was no such file */
};

/*
 * Called for each line; returns false to stop. json is borrowed. lineno counts from 1.
 */
typedef bool journal_line_fn(void *arg, const json_t *json, size_t lineno);

/*
 * Opens path for appending, creating it if it is missing, and locks it against a second writer.
 * Nothing in it is changed before the first record is appended; then a cut last line is removed.
 * Prints one line and returns false if path is not a regular file, cannot be written, is in use, or
 * holds anything but a journal, whose first line is a plan.
 */
bool journal_open(struct journal *j, const char *path);

/*
 * Appends one record. On a full disk or another error what was written of the line is taken back,
 * so the journal stays whole; the record is then saved in a file of its own, which the message
 * names. Prints one line and returns false.
 */
bool journal_append(struct journal *j, const json_t *record);

void journal_close(struct journal *j);

/*
 * Reads every whole line of path and hands it to fn, without control characters in labels of
 * kernels. Lines that are not JSON objects with a "type" are an error (file:line), except for a cut
 * last line, which is ignored. Prints one line and returns false on errors; false as well if fn
 * returned false, which prints, if anything is to be said.
 */
bool journal_read(const char *path, journal_line_fn *fn, void *arg);

#endif
