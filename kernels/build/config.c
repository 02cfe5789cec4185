// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"

#define OPTIONAL "# optional"
#define FEATURE	 OPTIONAL " feature"
#define PREFIX	 "CONFIG_"
#define NOT_SET	 " is not set"

static bool begins(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

/* above: the line before, "" if there is none. */
static void set(json_t *symbols, const char *name, const char *value, const char *above)
{
	json_object_set_new(symbols, name,
			    json_pack("{ss sb sb}", "value", value, "optional",
				      begins(above, OPTIONAL), "feature", begins(above, FEATURE)));
}

void fragment_set(json_t *symbols, const char *name, const char *value)
{
	set(symbols, name, value, "");
}

static size_t name_length(const char *name)
{
	size_t len = 0;

	while (isalnum((unsigned char)name[len]) || name[len] == '_')
		len++;
	return len;
}

/* One line that is not empty. False if it is neither a symbol nor a comment. */
static bool take_line(json_t *symbols, char *line, const char *above)
{
	bool unset = !strncmp(line, "# " PREFIX, 2 + strlen(PREFIX));
	char *name = line + strlen(PREFIX) + (unset ? 2 : 0), *end;

	if (!unset && *line == '#')
		return true;
	if (!unset && strncmp(line, PREFIX, strlen(PREFIX)))
		return false;
	end = name + name_length(name);
	if (end == name || (unset ? strcmp(end, NOT_SET) : *end != '=' || !end[1]))
		return false;
	*end = '\0';
	set(symbols, name, unset ? "n" : end + 1, above);
	return true;
}

bool fragment_parse(json_t *symbols, const char *name, const char *text)
{
	char *copy = files_text("%s", text), *rest = copy, *line;
	const char *above = "";
	size_t lineno = 0;
	bool ok = true;

	while (ok && (line = strsep(&rest, "\n"))) {
		lineno++;
		if (*line && !take_line(symbols, line, above))
			ok = err("%s:%zu: neither CONFIG_NAME=value nor a comment", name, lineno);
		above = line;
	}
	free(copy);
	return ok;
}

bool fragment_read(json_t *symbols, const char *path)
{
	char *text = io_read_text(path);
	bool ok = text && fragment_parse(symbols, path, text);

	free(text);
	return ok;
}

static const char *value_of(const json_t *symbol)
{
	return json_string_value(json_object_get(symbol, "value"));
}

char *fragment_text(const json_t *symbols)
{
	char *text = files_text("%s", ""), *more;
	const char *name;
	json_t *symbol;

	json_object_foreach((json_t *)symbols, name, symbol) {
		if (!strcmp(value_of(symbol), "n"))
			more = files_text("%s# " PREFIX "%s" NOT_SET "\n", text, name);
		else
			more = files_text("%s" PREFIX "%s=%s\n", text, name, value_of(symbol));
		free(text);
		text = more;
	}
	return text;
}

json_t *config_values(const char *config)
{
	json_t *values = json_object();
	const char *line, *name;
	char key[128];
	size_t len;

	for (line = config; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		name = line + strlen(PREFIX);
		if (strncmp(line, PREFIX, strlen(PREFIX)))
			continue;
		len = name_length(name);
		if (name[len] != '=' || len >= sizeof(key))
			continue;
		memcpy(key, name, len);
		key[len] = '\0';
		json_object_set_new(values, key,
				    json_stringn(name + len + 1, strcspn(name + len + 1, "\n")));
	}
	return values;
}

json_t *fragment_lost(const json_t *symbols, const char *config)
{
	json_t *values = config_values(config), *lost = json_array(), *symbol;
	const char *name, *is;
	char *text;

	json_object_foreach((json_t *)symbols, name, symbol) {
		is = json_string_value(json_object_get(values, name));
		if (!is)
			is = "n";
		if (!strcmp(is, value_of(symbol)) ||
		    json_is_true(json_object_get(symbol, "optional")))
			continue;
		text = files_text("%s=%s (is %s)", name, value_of(symbol), is);
		json_array_append_new(lost, json_string(text));
		free(text);
	}
	json_decref(values);
	return lost;
}
