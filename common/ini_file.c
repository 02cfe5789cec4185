// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/ini_file.h"

#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"
#include "common/msg.h"

/* inih cuts longer lines without a word, so they are refused. */
#define LONGEST_LINE 198

struct reading {
	struct ini_file *ini;
	const char *rest; /* of the text */
	size_t line;
	bool failed; /* said so already */
};

static char *next_line(char *text, int room, void *arg)
{
	struct reading *reading = arg;
	size_t len = strcspn(reading->rest, "\n");

	if (reading->failed || !*reading->rest)
		return NULL;
	reading->line++;
	if (len > LONGEST_LINE || len >= (size_t)room) {
		err("%s:%zu: longer than %d characters", reading->ini->path, reading->line,
		    LONGEST_LINE);
		reading->failed = true;
		return NULL;
	}
	memcpy(text, reading->rest, len);
	text[len] = '\0';
	reading->rest += len + (reading->rest[len] == '\n');
	return text;
}

static int take(void *arg, const char *section, const char *key, const char *value)
{
	struct reading *reading = arg;
	struct ini_file *ini = reading->ini;

	if (!*section)
		err("%s:%zu: '%s' stands before any [section]", ini->path, reading->line, key);
	else if (!*value)
		err("%s:%zu: '%s' has no value", ini->path, reading->line, key);
	else if (ini_file_find(ini, section, key))
		err("%s:%zu: '%s' twice in [%s] (an indented line continues the one above it)",
		    ini->path, reading->line, key, section);
	else if (ini_file_set(ini, section, key, value, reading->line))
		return 1;
	reading->failed = true;
	return 0;
}

bool ini_file_read(struct ini_file *ini, const char *path)
{
	struct reading reading = {.ini = ini};
	char *text = io_read_text(path);
	int bad;

	*ini = (struct ini_file){.path = strdup(path)};
	reading.rest = text;
	reading.failed = !text;
	bad = text ? ini_parse_stream(next_line, &reading, take, &reading) : 0;
	free(text);
	if (bad && !reading.failed)
		err("%s:%d: neither [section] nor key = value", path, bad);
	if (!bad && !reading.failed)
		return true;
	ini_file_free(ini);
	return false;
}

struct ini_setting *ini_file_find(struct ini_file *ini, const char *section, const char *key)
{
	size_t i;

	for (i = 0; i < ini->nr; i++)
		if (!strcmp(ini->settings[i].section, section) &&
		    !strcmp(ini->settings[i].key, key))
			return &ini->settings[i];
	return NULL;
}

bool ini_file_set(struct ini_file *ini, const char *section, const char *key, const char *value,
		  size_t line)
{
	struct ini_setting *setting = ini_file_find(ini, section, key), *more;

	if (setting) {
		free(setting->value);
		setting->value = strdup(value);
		setting->line = line;
		return setting->value || err("out of memory");
	}
	more = realloc(ini->settings, (ini->nr + 1) * sizeof(*more));
	if (!more)
		return err("out of memory");
	ini->settings = more;
	more[ini->nr++] = (struct ini_setting){
		.section = strdup(section),
		.key = strdup(key),
		.value = strdup(value),
		.line = line,
	};
	return true;
}

void ini_file_free(struct ini_file *ini)
{
	size_t i;

	for (i = 0; i < ini->nr; i++) {
		free(ini->settings[i].section);
		free(ini->settings[i].key);
		free(ini->settings[i].value);
	}
	free(ini->settings);
	free(ini->path);
	*ini = (struct ini_file){0};
}

size_t ini_file_stem(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && !strcmp(name + len - 4, ".ini") ? len - 4 : 0;
}

static int is_ini(const struct dirent *entry)
{
	return ini_file_stem(entry->d_name) > 0;
}

json_t *ini_file_names(const char *folder)
{
	struct dirent **entries = NULL;
	int nr = scandir(folder, &entries, is_ini, alphasort), i;
	json_t *names;

	if (nr < 0) {
		err("%s: cannot be read: %s", folder, strerror(errno));
		return NULL;
	}
	names = json_array();
	for (i = 0; i < nr; i++) {
		json_array_append_new(names, json_stringn(entries[i]->d_name,
							  ini_file_stem(entries[i]->d_name)));
		free(entries[i]);
	}
	free(entries);
	return names;
}
