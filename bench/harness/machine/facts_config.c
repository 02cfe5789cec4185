// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <zlib.h>

#include "bench/harness/machine/facts.h"

/* Where a running kernel's configuration may be: its release stands between the two parts. */
static const struct {
	const char *before, *after;
	bool release;
} places[] = {
	{"/proc/config.gz", "", false},
	{"/boot/config-", "", true},
	{"/lib/modules/", "/config", true},
};

/* "CONFIG_X=value", value possibly in quotes. Comments say what is not set. */
static void put_symbol(json_t *symbols, char *line)
{
	char *value = strchr(line, '='), *end;

	if (strncmp(line, "CONFIG_", 7) || !value)
		return;
	*value++ = '\0';
	value[strcspn(value, "\n")] = '\0';
	end = value + strlen(value);
	if (*value == '"' && end > value + 1 && end[-1] == '"') {
		end[-1] = '\0';
		value++;
	}
	json_object_set_new(symbols, line, json_string(value));
}

/* gzgets() also reads files that are not compressed. */
static json_t *read_symbols(const char *path)
{
	json_t *symbols = NULL;
	char line[8192];
	gzFile file = gzopen(path, "rb");

	if (!file)
		return NULL;
	symbols = json_object();
	while (gzgets(file, line, sizeof(line)))
		put_symbol(symbols, line);
	gzclose(file);
	if (!json_object_size(symbols)) {
		json_decref(symbols);
		return NULL;
	}
	return symbols;
}

json_t *facts_config(void)
{
	char path[256];
	struct utsname uts;
	json_t *symbols;
	size_t i;

	uname(&uts);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s%s%s", places[i].before,
			 places[i].release ? uts.release : "", places[i].after);
		symbols = read_symbols(path);
		if (symbols)
			return json_pack("{s:s,s:o}", "source", path, "symbols", symbols);
	}
	return NULL;
}
