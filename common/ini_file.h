/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An INI file as a list of settings, each with the line it came from.
 */
#ifndef COMMON_INI_FILE_H
#define COMMON_INI_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct ini_setting {
	char *section;
	char *key;
	char *value;
	size_t line; /* from 1; 0 if it came from the command line */
};

struct ini_file {
	char *path;
	bool words; /* no file: words of a command line, and path is whose they are */
	struct ini_setting *settings; /* in the order of the file */
	size_t nr;
};

/*
 * Reads path. Prints one line naming file and line, and returns false, if it cannot be read, is
 * not an INI file, has a setting outside a section, an empty value or the same key twice in a
 * section.
 */
bool ini_file_read(struct ini_file *ini, const char *path);

/* The setting of that name in that section, or NULL. */
struct ini_setting *ini_file_find(struct ini_file *ini, const char *section, const char *key);

/* Adds a setting, or replaces its value. line as in struct ini_setting. */
bool ini_file_set(struct ini_file *ini, const char *section, const char *key, const char *value,
		  size_t line);

/*
 * The files of a folder that end in ".ini", by their names without it: a new array, sorted. NULL
 * with one line printed if the folder cannot be read.
 */
json_t *ini_file_names(const char *folder);

/* The part of a file's name before ".ini"; 0 if it does not end so, or is nothing else. */
size_t ini_file_stem(const char *name);

void ini_file_free(struct ini_file *ini);

#endif
