// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/machine/busy.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/io.h"

static double timeval_s(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

double busy_others(void)
{
	char *text = io_read_file("/proc/stat");
	struct rusage own;
	long t[6] = {0};

	if (text)
		sscanf(text, "cpu %ld %ld %ld %*d %*d %ld %ld %ld", &t[0], &t[1], &t[2], &t[3],
		       &t[4], &t[5]);
	free(text);
	getrusage(RUSAGE_SELF, &own);
	return (double)(t[0] + t[1] + t[2] + t[3] + t[4] + t[5]) / (double)sysconf(_SC_CLK_TCK) -
	       timeval_s(&own.ru_utime) - timeval_s(&own.ru_stime);
}
