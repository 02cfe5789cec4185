// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/switch/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/process.h"

#define ANSWER "faultbench-host "

/*
 * A line: uname -m, the bytes of a page, the CPUs, the KiB of memory, the boot's id, the entry and
 * the release.
 */
static const char ask[] = REACH_SCRIPT(
	"m=0; while read k v u; do [ \"$k\" = MemTotal: ] && m=$v; done </proc/meminfo; "
	"read b </proc/sys/kernel/random/boot_id; "
	"set -f; e=-; read c </proc/cmdline; "
	"for w in $c; do case $w in faultbench.entry=*) e=${w#*=} ;; esac; done; "
	"echo " ANSWER "$(uname -m) $(getconf PAGESIZE) "
	"$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN) $m $b $e $(uname -r)");

/* What that printed, behind whatever else a login prints. */
static bool take(const char *text, struct host *ret)
{
	const char *at = strstr(text, ANSWER);

	*ret = (struct host){0};
	return at && sscanf(at + strlen(ANSWER), "%32s %lld %d %lld %64s %128s %128s", ret->uname,
			    &ret->page_size, &ret->cpus, &ret->memory_kib, ret->boot_id, ret->entry,
			    ret->release) == 7;
}

bool host_ask(const struct reach *r, struct host *ret, char why[256])
{
	char *text = NULL;
	int status = reach_run(r, ask, NULL, &text);
	bool ok = false;

	if (status == CHILD_MISSING)
		snprintf(why, 256, "there is no program ssh here (openssh-client)");
	else if (status)
		snprintf(why, 256, "%s", *text ? text : "ssh did not get there");
	else if (!take(text, ret))
		snprintf(why, 256, "it did not say what it is; is it Linux, with a shell for us?");
	else
		ok = true;
	free(text);
	return ok;
}
