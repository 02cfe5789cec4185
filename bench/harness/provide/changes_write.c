// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/changes_write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/io.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

/* A line, in one write: it is there whole or not at all. Takes json. 0 or an errno. */
static int write_line(int fd, json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL, *line = NULL;
	int len = text ? asprintf(&line, "%s\n", text) : -1, error = 0;
	ssize_t put;

	json_decref(json);
	if (len < 0)
		return ENOMEM;
	put = write(fd, line, (size_t)len);
	if (put != len)
		error = put < 0 ? errno : ENOSPC;
	free(line);
	free(text);
	return error;
}

int changes_write(int fd, json_t *json)
{
	char *boot;
	int error = 0;

	if (fd >= 0 && lseek(fd, 0, SEEK_END) == 0) {
		boot = io_read_file(BOOT_ID);
		error = write_line(fd, json_pack("{s:s}", "boot", boot ? boot : ""));
		free(boot);
	}
	if (fd >= 0 && !error)
		return write_line(fd, json);
	json_decref(json);
	return error;
}
