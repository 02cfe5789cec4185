// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/kernel/damon.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"

int damon_threads(void)
{
	char *text;
	glob_t found;
	size_t i;
	int nr = 0;

	if (glob("/proc/[0-9]*/comm", GLOB_NOSORT, NULL, &found))
		return 0;
	for (i = 0; i < found.gl_pathc; i++) {
		text = io_read_file(found.gl_pathv[i]);
		nr += text && !strncmp(text, "kdamond", strlen("kdamond"));
		free(text);
	}
	globfree(&found);
	return nr;
}
