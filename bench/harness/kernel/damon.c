// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/kernel/damon.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"

/* Documentation/admin-guide/mm/damon/, stat.rst, reclaim.rst, lru_sort.rst and usage.rst. */
static const struct {
	const char *path, *on, *off;
} switches[] = {
	{"/sys/module/damon_stat/parameters/enabled", "Y", "N"},
	{"/sys/module/damon_reclaim/parameters/enabled", "Y", "N"},
	{"/sys/module/damon_lru_sort/parameters/enabled", "Y", "N"},
	{"/sys/kernel/mm/damon/admin/kdamonds/*/state", "on", "off"},
};

static bool begins(const char *path, const char *with)
{
	char *text = io_read_file(path);
	bool does = text && !strncmp(text, with, strlen(with));

	free(text);
	return does;
}

int damon_threads(void)
{
	glob_t found;
	size_t i;
	int nr = 0;

	if (glob("/proc/[0-9]*/comm", GLOB_NOSORT, NULL, &found))
		return 0;
	for (i = 0; i < found.gl_pathc; i++)
		nr += begins(found.gl_pathv[i], "kdamond");
	globfree(&found);
	return nr;
}

bool damon_switches(bool (*set)(void *arg, const char *path, const char *off), void *arg)
{
	bool ok = true;
	glob_t found;
	size_t i, k;

	for (i = 0; ok && i < sizeof(switches) / sizeof(switches[0]); i++) {
		if (glob(switches[i].path, 0, NULL, &found))
			continue;
		for (k = 0; ok && k < found.gl_pathc; k++)
			ok = access(found.gl_pathv[k], W_OK) ||
			     !begins(found.gl_pathv[k], switches[i].on) ||
			     set(arg, found.gl_pathv[k], switches[i].off);
		globfree(&found);
	}
	return ok;
}
