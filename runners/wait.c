// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/wait.h"

#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <time.h>

bool wait_limited(pid_t pid, int limit_s, int *ret_status)
{
	static const struct timespec step = {0, 10000000};
	int i;

	for (i = 0; i < limit_s * 100; i++) {
		if (waitpid(pid, ret_status, WNOHANG) == pid)
			return true;
		nanosleep(&step, NULL);
	}
	if (kill(-pid, SIGKILL))
		kill(pid, SIGKILL);
	waitpid(pid, ret_status, 0);
	return false;
}

double wait_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}
