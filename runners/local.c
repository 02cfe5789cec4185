// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The worker as a child of this process, on this kernel.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/io.h"
#include "common/msg.h"
#include "runners/child.h"
#include "runners/machine.h"

#define CLEANUP_S 10 /* how long a worker may take to clean up */

static bool local_read(struct machine *m, struct ini_file *ini)
{
	struct utsname uts;

	(void)ini;
	uname(&uts);
	m->arch = arch_here();
	m->unit = UNIT_RUN;
	m->here = true;
	m->release = strdup(uts.release);
	return true;
}

static char *local_boot_id(const struct machine *m)
{
	(void)m;
	return io_read_file("/proc/sys/kernel/random/boot_id");
}

static void become_worker(const struct runner_boot *boot)
{
	char *path = worker_path(NULL);

	(void)boot;
	if (!path)
		_exit(CHILD_SAID);
	execl(path, "faultbench-worker", (char *)NULL);
	err_errno("%s: the worker cannot be run", path);
	_exit(127);
}

static struct runner_boot *local_start(const struct runner_boot *wanted)
{
	return child_start(wanted, become_worker);
}

static enum runner_end local_end(struct runner_boot *boot)
{
	return child_end(boot, CLEANUP_S);
}

static const char *const no_keys[] = {NULL};

const struct runner runner_local = {
	.kind = "local",
	.is = "this machine as it is",
	.keys = no_keys,
	.read = local_read,
	.boot_id = local_boot_id,
	.start = local_start,
	.end = local_end,
};
