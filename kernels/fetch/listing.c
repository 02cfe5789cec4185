// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernels/fetch/listing.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/files.h"

#define NAME "abcdefghijklmnopqrstuvwxyz0123456789+.-"

bool listing_is_name(const char *name)
{
	return islower((unsigned char)*name) && !name[strspn(name, NAME)];
}

static const char *next_line(const char *line)
{
	const char *end = strchrnul(line, '\n');

	return end + !!*end;
}

const char *listing_reason(const char *text, char line[256])
{
	for (*line = '\0'; *text && !*line; text = next_line(text))
		if (!strncmp(text, "E: ", 3))
			snprintf(line, 256, "%.*s", (int)strcspn(text + 3, "\n"), text + 3);
	return *line ? line : "no reason given";
}

char *listing_field(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (; *text; text = next_line(text)) {
		if (strncmp(text, name, len) || text[len] != ':')
			continue;
		text += len + 1;
		text += strspn(text, " \t");
		return files_text("%.*s", (int)strcspn(text, "\n"), text);
	}
	return NULL;
}

bool listing_has_candidate(const char *policy)
{
	return strstr(policy, "Candidate: ") && !strstr(policy, "Candidate: (none)");
}

static bool has(const json_t *array, const char *name)
{
	json_t *entry;
	size_t i;

	json_array_foreach(array, i, entry) {
		if (!strcmp(json_string_value(entry), name))
			return true;
	}
	return false;
}

static bool is_part(const char *name)
{
	static const char *const kinds[] = {"linux-image-", "linux-base-", "linux-binary-",
					    "linux-modules-"};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strncmp(name, kinds[i], strlen(kinds[i])))
			return listing_is_name(name);
	return false;
}

void listing_add_parts(json_t *packages, const char *depends, size_t most)
{
	char name[256];
	size_t len;

	for (; *depends; depends += len + !!depends[len]) {
		depends += strspn(depends, " ,");
		len = strcspn(depends, ",");
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(depends, " ,(:"), depends);
		if (is_part(name) && !has(packages, name) && json_array_size(packages) < most)
			json_array_append_new(packages, json_string(name));
	}
}

bool listing_is_cloud(const char *name, const char *arch)
{
	char cloud[32];
	int front = 0, version = 0;

	snprintf(cloud, sizeof(cloud), "cloud-%s", arch);
	sscanf(name, "linux-image-%n%*d.%*d-%n", &front, &version);
	return front &&
	       (!strcmp(name + front, cloud) || (version && !strcmp(name + version, cloud)));
}
