// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/printed.h"

#include <stdlib.h>

void printed_run(struct printed *p)
{
	if (p->out)
		fclose(p->out);
	free(p->text);
	p->text = NULL;
	p->len = 0;
	p->out = open_memstream(&p->text, &p->len);
}

bool printed_next(struct printed *p)
{
	if (!p->out)
		return false;
	fflush(p->out);
	if (p->len)
		fputc(',', p->out);
	return true;
}

const char *printed_text(struct printed *p)
{
	if (p->out)
		fflush(p->out);
	return p->len ? p->text : "";
}
