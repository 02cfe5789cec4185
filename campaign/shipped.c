// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/shipped.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/ini_file.h"
#include "common/msg.h"

char *shipped_config(const char *name)
{
	static const char *const places[] = {"../configs", "../share/faultbench/configs"};
	char self[PATH_MAX], *path = NULL, *real;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	unsigned int i;

	if (len < 0)
		return NULL;
	self[len] = '\0';
	*strrchr(self, '/') = '\0';
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		free(path);
		if (asprintf(&path, "%s/%s/%s", self, places[i], name) < 0)
			return NULL;
		real = access(path, R_OK) ? NULL : realpath(path, NULL);
		if (real) {
			free(path);
			return real;
		}
	}
	return path;
}

json_t *shipped_names(const char *folder)
{
	char *path = shipped_config(folder);
	json_t *names = path ? ini_file_names(path) : NULL;

	free(path);
	return names;
}

static void say_unknown(const char *folder, const char *word)
{
	json_t *names = shipped_names(folder), *name;
	char *list = NULL;
	size_t i, size;
	FILE *out = names ? open_memstream(&list, &size) : NULL;

	if (!out)
		goto out;
	json_array_foreach(names, i, name) {
		fprintf(out, "%s%s", i ? ", " : "", json_string_value(name));
	}
	fclose(out);
	err("configs/%s has no '%s'; there are %s; a file of your own is named with its / or .ini",
	    folder, word, list);
out:
	free(list);
	json_decref(names);
}

char *shipped_find(const char *folder, const char *word)
{
	char *file, *path = NULL;

	if (strchr(word, '/') || ini_file_stem(word))
		return strdup(word);
	if (asprintf(&file, "%s/%s.ini", folder, word) < 0)
		return NULL;
	path = shipped_config(file);
	free(file);
	if (path && !access(path, R_OK))
		return path;
	say_unknown(folder, word);
	free(path);
	return NULL;
}
