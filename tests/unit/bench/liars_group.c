// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who is to be charged to a control group of its own, and gets out of it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/harness/kernel/cgroup.h"
#include "tests/unit/bench/liars.h"

static struct cgroup_place own_group;

static void join(const char *folder)
{
	char path[1400];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, "0", 1) != 1)
		abort();
	close(fd);
}

static int leave_group(struct bench_run *run)
{
	(void)run;
	if (cgroup_find("memory", &own_group))
		join(own_group.top);
	return 0;
}

static void go_back(struct bench_run *run)
{
	(void)run;
	join(own_group.folder);
}

const struct lie lie_leaves_group = {.arm = leave_group};
const struct lie lie_charges_others = {.arm = leave_group, .op = go_back};
