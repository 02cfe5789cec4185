// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/shipped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/ini_file.h"
#include "common/installed.h"
#include "common/msg.h"

json_t *shipped_names(const char *folder)
{
	char *path = installed_config(folder);
	json_t *names = ini_file_names(path);

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
	path = installed_config(file);
	free(file);
	if (!access(path, R_OK))
		return path;
	say_unknown(folder, word);
	free(path);
	return NULL;
}
