// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/changes_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"
#include "common/record.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

/* A line, in one write: it is there whole or not at all. Takes json. 0 or an errno. */
static int write_line(int fd, json_t *json)
{
	char *line = json ? record_line(json) : NULL;
	int error = 0;
	ssize_t put;

	json_decref(json);
	if (!line)
		return ENOMEM;
	put = write(fd, line, strlen(line));
	if (put != (ssize_t)strlen(line))
		error = put < 0 ? errno : ENOSPC;
	free(line);
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
