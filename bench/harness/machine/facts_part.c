// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/machine/facts_part.h"

#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"

void facts_text(struct facts *f, const char *name, const char *text)
{
	/* json_string() refuses what is not UTF-8, as a boot loader's command line may be. */
	if (json_object_set_new(f->json, name, json_string(text)))
		facts_missed(f, name, EILSEQ, true);
}

void facts_number(struct facts *f, const char *name, long long number)
{
	json_object_set_new(f->json, name, json_integer(number));
}

void facts_real(struct facts *f, const char *name, double number)
{
	json_object_set_new(f->json, name, json_real(round(number * 100) / 100));
}

void facts_missed(struct facts *f, const char *name, int error, bool matters)
{
	if (matters)
		json_object_set_new(f->json, name, json_null());
	if (matters || error != ENOENT)
		json_array_append_new(f->unreadable, json_sprintf("%s: %s", name, strerror(error)));
}

const char *facts_seen(const struct facts *f, const char *name)
{
	return json_string_value(json_object_get(f->json, name));
}

static void put(struct facts *f, const char *name, enum fact_kind kind, const char *text)
{
	long long number;
	char *end;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (kind == FACT_NUMBER && end != text && (!*end || *end == ' ') && !errno)
		facts_number(f, name, number);
	else
		facts_text(f, name, text);
}

/* The file's content without blanks around it; of a choice, the chosen word. */
static char *content(const char *path, enum fact_kind kind)
{
	char *text = io_read_file(path), *start;
	size_t len;

	if (!text)
		return NULL;
	start = text + strspn(text, " \t\n");
	if (kind == FACT_CHOICE && strchr(start, '[')) {
		start = strchr(start, '[') + 1;
		start[strcspn(start, "]")] = '\0';
	}
	len = strlen(start);
	while (len && isspace((unsigned char)start[len - 1]))
		len--;
	memmove(text, start, len);
	text[len] = '\0';
	return text;
}

static void from_file(struct facts *f, const struct fact_file *e, const char *name,
		      const char *path)
{
	char *text = content(path, e->kind);

	if (text)
		put(f, name, e->kind, text);
	else
		facts_missed(f, name, errno, e->matters);
	free(text);
}

static void one_fact_each(struct facts *f, const struct fact_file *e, const glob_t *found)
{
	size_t before = strcspn(e->path, "*"), after = strlen(e->path) - before - 1;
	size_t head = strcspn(e->name, "*"), i;
	char name[256];

	for (i = 0; i < found->gl_pathc; i++) {
		snprintf(name, sizeof(name), "%.*s%.*s%s", (int)head, e->name,
			 (int)(strlen(found->gl_pathv[i]) - before - after),
			 found->gl_pathv[i] + before, e->name + head + 1);
		from_file(f, e, name, found->gl_pathv[i]);
	}
}

static bool listed(const char *list, const char *text)
{
	size_t len = strlen(text);
	const char *p = list;

	while ((p = strstr(p, text))) {
		if ((p == list || p[-1] == ' ') && (!p[len] || p[len] == ','))
			return true;
		p++;
	}
	return false;
}

static void distinct(struct facts *f, const struct fact_file *e, const glob_t *found)
{
	char all[512] = "", *text;
	size_t i, used = 0;
	int error = 0;

	for (i = 0; i < found->gl_pathc; i++) {
		text = content(found->gl_pathv[i], e->kind);
		if (!text)
			error = errno;
		else if (!listed(all, text) && used + strlen(text) + 3 < sizeof(all))
			used += (size_t)sprintf(all + used, "%s%s", used ? ", " : "", text);
		free(text);
	}
	if (used)
		put(f, e->name, strchr(all, ',') ? FACT_TEXT : e->kind, all);
	else if (error)
		facts_missed(f, e->name, error, e->matters);
}

void facts_files(struct facts *f, const struct fact_file *table, size_t nr)
{
	const struct fact_file *e;
	glob_t found;

	for (e = table; e < table + nr; e++) {
		if (!strchr(e->path, '*')) {
			from_file(f, e, e->name, e->path);
		} else if (!glob(e->path, 0, NULL, &found)) {
			if (strchr(e->name, '*'))
				one_fact_each(f, e, &found);
			else
				distinct(f, e, &found);
			globfree(&found);
		}
	}
}

char *facts_line(const char *text, const char *key)
{
	const char *p = text, *value;
	size_t len = strlen(key);

	while (p) {
		if (!strncmp(p, key, len)) {
			value = p + len + strspn(p + len, " \t");
			if (*value == ':') {
				value += 1 + strspn(value + 1, " \t");
				return strndup(value, strcspn(value, "\n"));
			}
		}
		p = strchr(p, '\n');
		if (p)
			p++;
	}
	return NULL;
}

void facts_keys(struct facts *f, const char *text, const struct fact_key *table, size_t nr)
{
	const struct fact_key *e;
	char *value;

	for (e = table; e < table + nr; e++) {
		value = facts_line(text, e->key);
		if (value)
			put(f, e->name, e->kind, value);
		free(value);
	}
}
