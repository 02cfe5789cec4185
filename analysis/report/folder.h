/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folder of a report. Files are written beside it under other names, and get theirs when all of
 * them are there: what is under a report's name is whole, and SHA256SUMS lists it.
 */
#ifndef ANALYSIS_REPORT_FOLDER_H
#define ANALYSIS_REPORT_FOLDER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct report_folder {
	const char *path;
	char *stage; /* where files are until they are committed, below path */
	bool made;   /* path was not there */
	int dir;     /* path, opened and locked */
	json_t *old; /* {name: checksum} of what the earlier report in it had */
	json_t *names;
};

/*
 * Makes the folder if it is not there. Prints one line and returns false if it cannot be written,
 * or holds anything but an earlier report as that left it.
 */
bool report_folder_open(struct report_folder *f, const char *path);

/* Writes a file, or a copy of one; name has no other folder in it than journals/. Print likewise.
 */
bool report_folder_write(struct report_folder *f, const char *name, const void *data, size_t len);
bool report_folder_copy(struct report_folder *f, const char *name, const char *from);

/* Gives all files their names, and removes what else the earlier report had. Prints likewise. */
bool report_folder_commit(struct report_folder *f);

/* Leaves nothing that was not committed, and no folder that was made in vain. */
void report_folder_close(struct report_folder *f);

/*
 * Names for copies of journals, "journals/fork.jsonl", of letters, digits and "._-" only: the
 * files' own, and where two are alike or sort in another order, numbered: journals/ *.jsonl are in
 * the order in which they were given. A new array.
 */
json_t *report_folder_names(char *const *paths, size_t nr);

#endif
