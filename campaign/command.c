// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/plan_values.h"

/* How much of the path is the home folder, 0 if it is not below it. */
static size_t home_length(const char *path, size_t len)
{
	const char *home = getenv("HOME");
	size_t of_home = home && *home == '/' ? strlen(home) : 0;

	while (of_home && home[of_home - 1] == '/')
		of_home--;
	if (!of_home || len < of_home || strncmp(path, home, of_home))
		return 0;
	return len == of_home || path[of_home] == '/' ? of_home : 0;
}

static void put_path(FILE *out, const char *path, size_t len)
{
	size_t home = home_length(path, len), last = len;

	while (last && path[last - 1] == '/')
		last--;
	while (last && path[last - 1] != '/')
		last--;
	if (home)
		fprintf(out, "~%.*s", (int)(len - home), path + home);
	else if (last > 1)
		fprintf(out, ".../%.*s", (int)(len - last), path + last);
	else
		fprintf(out, "%.*s", (int)len, path);
}

static void only_ascii(char *text)
{
	for (; *text; text++)
		*text = *text & 0x80 ? '?' : *text;
}

char *command_shorten(const char *text)
{
	const char *p = text;
	char *ret = NULL;
	size_t size, len;
	FILE *out = open_memstream(&ret, &size);

	if (!out)
		return NULL;
	while (*p) {
		len = *p == '/' ? strcspn(p, ",:") : 1;
		if (*p == '/' && (p == text || strchr("=,:", p[-1])))
			put_path(out, p, len);
		else
			fwrite(p, 1, len, out);
		p += len;
	}
	fclose(out);
	if (ret && !plan_is_utf8(ret))
		only_ascii(ret);
	return ret;
}

json_t *command_record(int argc, char **argv)
{
	json_t *words = json_array();
	char *word;
	int i;

	for (i = 0; i < argc; i++) {
		word = command_shorten(argv[i]);
		json_array_append_new(words, json_string(word ? word : "?"));
		free(word);
	}
	return json_pack("{ss so ss}", "type", "command", "words", words, "version",
			 FAULTBENCH_VERSION);
}

json_t *command_words(int argc, char **argv)
{
	json_t *words = json_array();
	int i;

	for (i = 0; i < argc; i++)
		json_array_append_new(words, json_string(argv[i]));
	return words;
}

bool command_tell(const json_t *command, const struct machine *machine, struct journal *journal)
{
	json_t *record = json_copy((json_t *)command);
	bool ok;

	machine_tell(machine, record);
	ok = journal_append(journal, record);
	json_decref(record);
	return ok;
}
