// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/text/xml.h"

void xml_put(FILE *out, const char *text)
{
	for (; text && *text; text++) {
		if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '"')
			fputs("&quot;", out);
		else if ((unsigned char)*text < ' ' && *text != '\n' && *text != '\t')
			fputc(' ', out);
		else
			fputc(*text, out);
	}
}
