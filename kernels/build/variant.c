// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/variant.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/io.h"
#include "common/msg.h"

static const char *value_of(const struct variant *variant, const char *section, const char *key)
{
	const struct ini_setting *s = ini_file_find((struct ini_file *)&variant->ini, section, key);

	return s ? s->value : NULL;
}

/* Sections whose settings are not those of an edit. */
static bool is_special(const char *section)
{
	return !strcmp(section, "variant") || !strcmp(section, "config");
}

static bool is_known(const char *section, const char *key)
{
	static const char *const about[] = {"summary", "arch", "feature"};
	static const char *const edit[] = {"file", "function", "find", "replace"};
	bool variant = !strcmp(section, "variant"), known = !strcmp(section, "config");
	size_t i;

	for (i = 0; variant && i < sizeof(about) / sizeof(about[0]); i++)
		known = known || !strcmp(key, about[i]);
	for (i = 0; !is_special(section) && i < sizeof(edit) / sizeof(edit[0]); i++)
		known = known || !strcmp(key, edit[i]);
	return known;
}

static bool is_whole(const struct variant *variant)
{
	static const char *const keys[] = {"file", "function", "find", "replace"};
	const struct ini_setting *s;
	size_t i, k;

	for (i = 0; i < variant->ini.nr; i++) {
		s = &variant->ini.settings[i];
		if (!is_known(s->section, s->key))
			return err("%s:%zu: [%s] has no key '%s'", variant->ini.path, s->line,
				   s->section, s->key);
		for (k = 0; !is_special(s->section) && k < sizeof(keys) / sizeof(keys[0]); k++)
			if (!value_of(variant, s->section, keys[k]))
				return err("%s: [%s] has no '%s'", variant->ini.path, s->section,
					   keys[k]);
		if (!strcmp(s->key, "file") && (*s->value == '/' || strstr(s->value, "..")))
			return err("%s:%zu: file = %s: must be below the source tree",
				   variant->ini.path, s->line, s->value);
	}
	if (!variant->summary)
		return err("%s: [variant] has no 'summary'", variant->ini.path);
	return true;
}

bool variant_read(const char *folder, const char *name, struct variant *ret)
{
	char *path = files_text("%s/%s.ini", folder, name);
	struct variant variant = {0};
	bool ok = false;

	if (strchr(name, '/') || access(path, F_OK))
		err("there is no variant '%s'; `faultbench list --variants` shows them", name);
	else
		ok = ini_file_read(&variant.ini, path);
	free(path);
	if (!ok)
		return false;
	variant.name = files_text("%s", name);
	variant.summary = value_of(&variant, "variant", "summary");
	variant.arch = value_of(&variant, "variant", "arch");
	variant.feature = value_of(&variant, "variant", "feature");
	if (!is_whole(&variant)) {
		variant_free(&variant);
		return false;
	}
	*ret = variant;
	return true;
}

void variant_free(struct variant *variant)
{
	ini_file_free(&variant->ini);
	free(variant->name);
	memset(variant, 0, sizeof(*variant));
}

static const char *next_line(const char *line)
{
	const char *end = strchrnul(line, '\n');

	return *end ? end + 1 : end;
}

/* Whether the line has the word, followed by a parenthesis. */
static bool names_function(const char *line, const char *function)
{
	size_t len = strlen(function), room = (size_t)(next_line(line) - line);
	const char *at = line;

	while ((at = memmem(at, room - (size_t)(at - line), function, len))) {
		if (at[len] == '(' &&
		    (at == line || !(isalnum((unsigned char)at[-1]) || at[-1] == '_')))
			return true;
		at += len;
	}
	return false;
}

/*
 * The next definition's body from line on: its first line, and *ret_end, the line after it; NULL if
 * there is none. A definition begins at the margin and has its braces there; what ends with a
 * semicolon before a brace is a declaration.
 */
static const char *find_body(const char *line, const char *function, const char **ret_end)
{
	bool named = false;

	for (; *line; line = next_line(line)) {
		if (named && *line == '{')
			break;
		if (isalpha((unsigned char)*line) || *line == '_')
			named = names_function(line, function);
		if (named && memchr(line, ';', (size_t)(next_line(line) - line)))
			named = false;
	}
	if (!*line)
		return NULL;
	line = next_line(line);
	for (*ret_end = line; **ret_end && **ret_end != '}'; *ret_end = next_line(*ret_end))
		;
	return line;
}

/* Whether the line, without the blanks around it, is that text. */
static bool is_line(const char *line, const char *text)
{
	size_t len;

	line += strspn(line, " \t");
	len = strcspn(line, "\n");
	while (len && isspace((unsigned char)line[len - 1]))
		len--;
	return len == strlen(text) && !memcmp(line, text, len);
}

char *variant_edit(const char *text, const char *function, const char *find, const char *replace,
		   int *ret_found)
{
	const char *body = text, *end = text, *line, *where = NULL;
	int found = 0, bodies = 0;

	while ((body = find_body(end, function, &end))) {
		bodies++;
		for (line = body; line < end; line = next_line(line)) {
			if (!is_line(line, find))
				continue;
			found++;
			where = line + strspn(line, " \t");
		}
	}
	*ret_found = bodies ? found : -1;
	if (found != 1)
		return NULL;
	return files_text("%.*s%s%s", (int)(where - text), text, replace,
			  where + strcspn(where, "\n"));
}

static bool edit_file(const struct variant *variant, const char *section, const char *src)
{
	const char *file = value_of(variant, section, "file");
	const char *function = value_of(variant, section, "function");
	const char *find = value_of(variant, section, "find");
	char *path = files_text("%s/%s", src, file), *text = io_read_file(path), *edited = NULL;
	char *whole = NULL;
	int found = 0;
	bool ok = false;

	if (!text) {
		err("variant %s does not fit this tree: %s: %s", variant->name, file,
		    strerror(errno));
		goto out;
	}
	edited = variant_edit(text, function, find, value_of(variant, section, "replace"), &found);
	if (edited) {
		whole = files_text("%s\n", edited); /* reading dropped it */
		ok = files_write(path, whole, strlen(whole));
	} else if (found < 0) {
		err("variant %s does not fit this tree: %s has no function %s()", variant->name,
		    file, function);
	} else {
		err("variant %s does not fit this tree: %d times, not once, in %s() of %s: %s",
		    variant->name, found, function, file, find);
	}
out:
	free(whole);
	free(edited);
	free(text);
	free(path);
	return ok;
}

bool variant_apply(const struct variant *variant, const char *src)
{
	const struct ini_setting *s;
	bool ok = true;
	size_t i;

	for (i = 0; i < variant->ini.nr && ok; i++) {
		s = &variant->ini.settings[i];
		if (!is_special(s->section) && !strcmp(s->key, "file"))
			ok = edit_file(variant, s->section, src);
	}
	return ok;
}
