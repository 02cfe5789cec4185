// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/kernel/symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line is "ADDRESS TYPE NAME" or, of a module, "ADDRESS TYPE NAME\t[MODULE]". */
static void put_function(FILE *out, const char *line)
{
	const char *type = strchr(line, ' ');

	if (type && strchr("tTwW", type[1]) && type[2] == ' ')
		fprintf(out, "%.*s %.*s\n", (int)(type - line), line,
			(int)strcspn(type + 3, "\t\n"), type + 3);
}

json_t *symbols_collect(void)
{
	FILE *in = fopen("/proc/kallsyms", "re"), *out;
	char line[1024], *text = NULL;
	json_t *symbols = NULL;
	size_t size = 0;

	if (!in)
		return NULL;
	out = open_memstream(&text, &size);
	if (out) {
		while (fgets(line, sizeof(line), in))
			put_function(out, line);
		fclose(out);
		symbols = json_string(text);
	}
	fclose(in);
	free(text);
	return symbols;
}
