// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/fair_server.h"

#include <glob.h>
#include <stddef.h>

void fair_servers(void (*set)(const char *path))
{
	glob_t found;
	size_t i;

	if (glob("/sys/kernel/debug/sched/fair_server/cpu*/runtime", 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++)
		set(found.gl_pathv[i]);
	globfree(&found);
}
