// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/clean.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ESCAPE 8 /* characters of \uXXXXX */

/* Bytes of the character at c, which goes into ret; 1 and 0xfffd for what is no UTF-8. */
static size_t character(const unsigned char *c, uint32_t *ret)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = *c < 0x80	 ? 1
		     : *c < 0xc2 ? 0
		     : *c < 0xe0 ? 2
		     : *c < 0xf0 ? 3
		     : *c < 0xf5 ? 4
				 : 0;
	uint32_t code = len < 2 ? *c : *c & (0x7fu >> len);
	size_t i;

	for (i = 1; i < len && (c[i] & 0xc0) == 0x80; i++)
		code = code << 6 | (c[i] & 0x3f);
	if (!len || i < len || code < least[len] || code > 0x10ffff || (code >> 11) == 0x1b) {
		*ret = 0xfffd;
		return 1;
	}
	*ret = code;
	return len;
}

static bool is_hidden(uint32_t code)
{
	static const uint32_t hidden[][2] = {{0, 0x1f},	       {0x7f, 0x9f},	  {0x61c, 0x61c},
					     {0x200b, 0x200f}, {0x2028, 0x202e},  {0x2060, 0x206f},
					     {0xfdd0, 0xfdef}, {0xfeff, 0xfeff},  {0xfff9, 0xfffb},
					     {0xfffe, 0xffff}, {0xe0000, 0xe0fff}};
	size_t i;

	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (code >= hidden[i][0] && code <= hidden[i][1])
			return true;
	return false;
}

/* Bytes of the character at c; how it is written otherwise into escape, empty if as it is. */
static size_t look_at(const unsigned char *c, char escape[MOST_ESCAPE])
{
	static const char *const names[] = {['\t'] = "\\t", ['\n'] = "\\n", ['\r'] = "\\r"};
	uint32_t code;
	size_t len = character(c, &code);

	if (*c < sizeof(names) / sizeof(names[0]) && names[*c])
		snprintf(escape, MOST_ESCAPE, "%s", names[*c]);
	else if (len == 1 && (is_hidden(code) || *c >= 0x80))
		snprintf(escape, MOST_ESCAPE, "\\x%02x", *c);
	else if (is_hidden(code))
		snprintf(escape, MOST_ESCAPE, "\\u%04x", code & 0xfffff);
	else
		*escape = '\0';
	return len;
}

char *clean_text(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	char *shown = malloc(6 * strlen(text) + 1), *to = shown, escape[MOST_ESCAPE];
	size_t len;

	if (!shown)
		abort();
	for (; *c; c += len) {
		len = look_at(c, escape);
		if (*escape)
			to = stpcpy(to, escape);
		else
			to = mempcpy(to, c, len);
	}
	*to = '\0';
	return shown;
}

bool clean_is(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	char escape[MOST_ESCAPE] = "";

	while (*c && !*escape) {
		if (*c >= ' ' && *c < 0x7f)
			c++;
		else
			c += look_at(c, escape);
	}
	return !*escape;
}

static void clean_object(json_t *object)
{
	json_t *renamed = json_object(), *member;
	const char *name;
	char *shown;
	void *next;

	json_object_foreach_safe(object, next, name, member)
	{
		clean_json(member);
		if (clean_is(name))
			continue;
		shown = clean_text(name);
		json_object_set(renamed, shown, member);
		free(shown);
		json_object_del(object, name);
	}
	json_object_update(object, renamed);
	json_decref(renamed);
}

void clean_json(json_t *value)
{
	const char *text = json_string_value(value);
	json_t *member;
	char *shown;
	size_t i;

	if (text && !clean_is(text)) {
		shown = clean_text(text);
		json_string_set(value, shown);
		free(shown);
	}
	json_array_foreach(value, i, member) {
		clean_json(member);
	}
	if (json_is_object(value))
		clean_object(value);
}
