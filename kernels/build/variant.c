// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/variant.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/msg.h"
#include "kernels/beneath.h"
#include "kernels/build/kconfig.h"

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
	static const char *const edit[] = {"file", "function", "find", "replace", "arch", "either"};
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
		if (!strcmp(s->key, "file") && !beneath_is_plain(s->value))
			return err("%s:%zu: file = %s: must be below the source tree",
				   variant->ini.path, s->line, s->value);
	}
	if (!variant->summary)
		return err("%s: [variant] has no 'summary'", variant->ini.path);
	return true;
}

/* Whether a word means a file, as a plan's does. */
static bool is_file(const char *name)
{
	return strchr(name, '/') || ini_file_stem(name);
}

static char *name_of(const char *word)
{
	const char *base = strrchr(word, '/') ? strrchr(word, '/') + 1 : word;
	size_t stem = ini_file_stem(base);

	return files_text("%.*s", (int)(stem ? stem : strlen(base)), base);
}

bool variant_read(const char *folder, const char *name, struct variant *ret)
{
	char *path = is_file(name) ? files_text("%s", name) : files_text("%s/%s.ini", folder, name);
	struct variant variant = {0};
	bool ok = false;

	if (!is_file(name) && access(path, F_OK))
		err("there is no variant '%s'; `faultbench list --variants` shows them", name);
	else
		ok = ini_file_read(&variant.ini, path);
	free(path);
	if (!ok)
		return false;
	variant.name = name_of(name);
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

	while (len && (at = memmem(at, room - (size_t)(at - line), function, len))) {
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

/* NULL, or why the edit of that section does not fit; malloc'ed. */
static char *edit_file(const struct variant *variant, const char *section, const char *src)
{
	const char *file = value_of(variant, section, "file");
	const char *function = value_of(variant, section, "function");
	const char *find = value_of(variant, section, "find");
	char *path = files_if_there("%s/%s", src, file), *edited = NULL, *text;
	char *whole = NULL, *why = NULL;
	int found = 0;

	if (!path)
		return files_text("%s: %s", file, strerror(errno));
	text = beneath_read(src, path);
	if (!text) {
		why = files_text("%s cannot be read", file);
		goto out;
	}
	edited = variant_edit(text, function, find, value_of(variant, section, "replace"), &found);
	if (edited) {
		whole = files_text("%s\n", edited); /* reading dropped it */
		if (!beneath_write(src, path, whole))
			why = files_text("%s cannot be written", file);
	} else if (found < 0) {
		why = files_text("%s has no function %s()", file, function);
	} else {
		why = files_text("%d times, not once, in %s() of %s: %s", found, function, file,
				 find);
	}
out:
	free(whole);
	free(edited);
	free(text);
	free(path);
	return why;
}

/*
 * Carries out the edit of a section, unless it is for another architecture, or one of several of
 * which one was made before. made: the latter's names, and what stood in the way of each.
 */
static bool carry_out(const struct variant *variant, const char *section, const struct arch *arch,
		      const char *src, json_t *made)
{
	const char *only = value_of(variant, section, "arch");
	const char *either = value_of(variant, section, "either");
	char *why;

	if ((only && strcmp(only, arch->name)) ||
	    (either && json_is_true(json_object_get(made, either))))
		return true;
	why = edit_file(variant, section, src);
	if (either)
		json_object_set_new(made, either, why ? json_string(why) : json_true());
	else if (why)
		err("variant %s does not fit this tree: %s", variant->name, why);
	free(why);
	return either || !why;
}

/* Of several edits one has to be made. */
static bool check_made(const struct variant *variant, json_t *made)
{
	const char *name;
	json_t *why;

	json_object_foreach(made, name, why) {
		if (!json_is_true(why))
			return err("variant %s does not fit this tree: no edit of '%s' does; the "
				   "last: %s",
				   variant->name, name, json_string_value(why));
	}
	return true;
}

/* A symbol that a tree does not have cannot be turned off there. */
static bool has_symbol(const struct variant *variant, const struct arch *arch, const char *src)
{
	const struct ini_setting *s;
	const char *last = NULL;
	size_t i;

	for (i = 0; i < variant->ini.nr; i++) {
		s = &variant->ini.settings[i];
		if (strcmp(s->section, "config"))
			continue;
		last = s->key;
		if (kconfig_has(src, arch->tree, last))
			return true;
	}
	return !last || err("variant %s does not fit this tree: no Kconfig file has %s",
			    variant->name, last);
}

bool variant_apply(const struct variant *variant, const struct arch *arch, const char *src)
{
	json_t *made = json_object();
	const struct ini_setting *s;
	bool ok = true;
	size_t i, edits = 0;

	for (i = 0; i < variant->ini.nr && ok; i++) {
		s = &variant->ini.settings[i];
		if (is_special(s->section) || strcmp(s->key, "file"))
			continue;
		edits++;
		ok = carry_out(variant, s->section, arch, src, made);
	}
	ok = ok && (edits ? check_made(variant, made) : has_symbol(variant, arch, src));
	json_decref(made);
	return ok;
}
