// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/build/kconfig.h"

#include <ctype.h>
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "kernels/beneath.h"
#include "kernels/build/config.h"

/* --- where it is -------------------------------------------------------------------------------
 */

static const char *next_line(const char *line)
{
	const char *end = strchrnul(line, '\n');

	return *end ? end + 1 : end;
}

/* Whether a line begins the entry of the symbol. */
static bool begins_entry(const char *line, const char *symbol)
{
	size_t len = strlen(symbol);

	if (!strncmp(line, "menu", 4))
		line += 4;
	if (strncmp(line, "config", 6) || !isblank((unsigned char)line[6]))
		return false;
	line += 6 + strspn(line + 6, " \t");
	return !strncmp(line, symbol, len) && isspace((unsigned char)line[len]);
}

/* The lines of the symbol's entry in a file's text, up to its help; malloc'ed or NULL. */
static char *entry_in(const char *text, const char *symbol)
{
	const char *line, *begin;

	for (line = text; *line && !begins_entry(line, symbol); line = next_line(line))
		;
	if (!*line)
		return NULL;
	for (begin = line = next_line(line); *line; line = next_line(line))
		if (!strchr(" \t\n#", *line) || !strncmp(line + strspn(line, " \t-"), "help", 4))
			break;
	return files_text("%.*s", (int)(line - begin), begin);
}

/* In the files that a pattern below the tree names. */
static char *entry_below(const char *src, const char *pattern, const char *folder,
			 const char *symbol)
{
	char *all = files_text("%s/%s", src, pattern), *arch = files_text("%s/arch/", src);
	char *entry = NULL, *text;
	const char *path;
	glob_t found;
	size_t i;

	if (glob(all, 0, NULL, &found))
		found.gl_pathc = 0;
	for (i = 0; i < found.gl_pathc && !entry; i++) {
		path = found.gl_pathv[i];
		if (!strncmp(path, arch, strlen(arch)) &&
		    strncmp(path + strlen(arch), folder, strlen(folder)))
			continue;
		text = beneath_read(src, path);
		entry = text ? entry_in(text, symbol) : NULL;
		free(text);
	}
	globfree(&found);
	free(arch);
	free(all);
	return entry;
}

static char *find_entry(const char *src, const char *folder, const char *symbol)
{
	static const char *const patterns[] = {"mm/Kconfig*", "*/Kconfig*", "*/*/Kconfig*",
					       "*/*/*/Kconfig*"};
	char *entry = NULL;
	size_t i;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]) && !entry; i++)
		entry = entry_below(src, patterns[i], folder, symbol);
	return entry;
}

bool kconfig_has(const char *src, const char *folder, const char *symbol)
{
	char *entry = find_entry(src, folder, symbol);
	bool has = entry;

	free(entry);
	return has;
}

/* --- what it depends on: Documentation/kbuild/kconfig-language.rst ------------------------------
 */

struct expression {
	const char *at;
	const json_t *values; /* of the .config */
	FILE *named;	      /* "NUMA=y, SMP=n": the symbols in it, and what they are */
	size_t nr_named;
	unsigned int terms; /* so many were looked at: each may be in the one before */
};

#define MOST_TERMS 1000 /* of an expression that somebody has written */

static int value_of_any(struct expression *e);

static void skip_blanks(struct expression *e)
{
	e->at += strspn(e->at, " \t\\\n");
}

static bool take(struct expression *e, const char *sign)
{
	skip_blanks(e);
	if (strncmp(e->at, sign, strlen(sign)))
		return false;
	e->at += strlen(sign);
	return true;
}

/* What a word stands for: itself in quotes, y, m, n or a number, else a symbol's value. */
static const char *take_word(struct expression *e, char word[64])
{
	const char *value;
	size_t len;
	bool quoted;

	skip_blanks(e);
	quoted = *e->at == '"';
	e->at += quoted;
	for (len = 0;
	     isalnum((unsigned char)e->at[len]) || (e->at[len] && strchr("_-./", e->at[len]));)
		len++;
	snprintf(word, 64, "%.*s", (int)len, e->at);
	e->at += len + (quoted && e->at[len] == '"');
	if (quoted || !isupper((unsigned char)*word))
		return word;
	value = json_string_value(json_object_get(e->values, word));
	value = value ? value : "n";
	fprintf(e->named, "%s%s=%s", e->nr_named++ ? ", " : "", word, value);
	return value;
}

/* 2: y, 1: m, 0: n. */
static int value_of_one(struct expression *e)
{
	char left_word[64], right_word[64];
	const char *left, *right;
	int value;

	if (e->terms++ == MOST_TERMS)
		e->at += strlen(e->at);
	if (take(e, "!"))
		return 2 - value_of_one(e);
	if (take(e, "(")) {
		value = value_of_any(e);
		take(e, ")");
		return value;
	}
	left = take_word(e, left_word);
	if (take(e, "!=")) {
		right = take_word(e, right_word);
		return strcmp(left, right) ? 2 : 0;
	}
	if (take(e, "=")) {
		right = take_word(e, right_word);
		return strcmp(left, right) ? 0 : 2;
	}
	return !strcmp(left, "y") ? 2 : !strcmp(left, "m") ? 1 : 0;
}

static int value_of_all(struct expression *e)
{
	int value = value_of_one(e), other;

	while (take(e, "&&")) {
		other = value_of_one(e);
		value = other < value ? other : value;
	}
	return value;
}

static int value_of_any(struct expression *e)
{
	int value = value_of_all(e), other;

	while (take(e, "||")) {
		other = value_of_all(e);
		value = other > value ? other : value;
	}
	return value;
}

/* Adds what a line depends on, if the .config does not meet it. */
static void add_unmet(FILE *out, const json_t *values, const char *line)
{
	char *text = files_text("%.*s", (int)strcspn(line, "\n"), line), *named = NULL;
	size_t size;
	struct expression e = {.at = text, .values = values};

	e.named = open_memstream(&named, &size);
	if (!e.named)
		abort();
	if (!value_of_any(&e)) {
		fflush(e.named);
		fprintf(out, "%sdepends on %s (%s)", ftell(out) ? ", " : "", text, named);
	}
	fclose(e.named);
	free(named);
	free(text);
}

char *kconfig_unmet(const char *src, const char *folder, const char *symbol, const char *config)
{
	char *entry = find_entry(src, folder, symbol), *unmet = NULL;
	const char *line, *word;
	json_t *values;
	size_t size;
	FILE *out;

	if (!entry)
		return NULL;
	values = config_values(config);
	out = open_memstream(&unmet, &size);
	if (!out)
		abort();
	for (line = entry; *line; line = next_line(line)) {
		word = line + strspn(line, " \t");
		if (!strncmp(word, "depends on ", 11))
			add_unmet(out, values, word + 11);
	}
	fclose(out);
	json_decref(values);
	free(entry);
	return unmet;
}
