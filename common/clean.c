// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/clean.h"

#include <stdlib.h>
#include <string.h>

void clean_text(char *text, const char *kept)
{
	unsigned char *c;

	for (c = (unsigned char *)text; *c; c++) {
		if ((*c < ' ' && !strchr(kept, *c)) || *c == 0x7f)
			*c = '?';
		else if (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0) /* U+0080..9F: controls */
			memcpy(c, "\xc2\xbf", 2);
		else if (*c == 0xef && c[1] == 0xbf && c[2] >= 0xbe) /* U+FFFE, U+FFFF */
			memcpy(c, "\xef\xbf\xbd", 3);
	}
}

bool clean_is(const char *text, const char *kept)
{
	char *copy = strdup(text);
	bool same;

	if (!copy)
		return false;
	clean_text(copy, kept);
	same = !strcmp(copy, text);
	free(copy);
	return same;
}
