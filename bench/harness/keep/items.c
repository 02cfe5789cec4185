// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/keep/items.h"

#include <stdlib.h>
#include <string.h>

void items_add(struct items *items, char kind, const char *text, size_t len)
{
	char **more = realloc(items->lines, (items->nr + 1) * sizeof(*more));
	char *line = malloc(len + 3);

	if (!more || !line)
		abort();
	line[0] = kind;
	memcpy(line + 1, text, len);
	memcpy(line + 1 + len, "\n", 2);
	items->lines = more;
	items->lines[items->nr++] = line;
}

const char *items_line(const struct items *items, size_t i)
{
	return i < items->nr ? items->lines[i] : NULL;
}

void items_forget(struct items *items, size_t i)
{
	for (; items->gone < i && items->gone < items->nr; items->gone++) {
		free(items->lines[items->gone]);
		items->lines[items->gone] = NULL;
	}
}
