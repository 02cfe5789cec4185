// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/warnings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void warnings_add(struct warnings *w, const char *fmt, ...)
{
	char **more = realloc(w->text, (w->nr + 1) * sizeof(*more));
	va_list ap;

	if (!more)
		return;
	w->text = more;
	va_start(ap, fmt);
	if (vasprintf(&more[w->nr], fmt, ap) >= 0)
		w->nr++;
	va_end(ap);
}

void warnings_free(struct warnings *w)
{
	while (w->nr)
		free(w->text[--w->nr]);
	free(w->text);
	w->text = NULL;
}
