// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files of a device in configfs: Documentation/block/null_blk.rst of the kernel. Since 6.11 a
 * device has the name of its folder, before that a number, which "index" says.
 */
#include "bench/harness/provide/nullb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"

#define MIB (1UL << 20)

bool nullb_possible(void)
{
	return geteuid() == 0 && !access(NULLB, W_OK);
}

bool nullb_is_there(void)
{
	return !access(NULLB_OURS, F_OK);
}

static int set(const char *name, unsigned long value)
{
	char path[128], text[32];
	int fd, error;

	snprintf(path, sizeof(path), NULLB_OURS "/%s", name);
	snprintf(text, sizeof(text), "%lu", value);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	error = fd < 0 || write(fd, text, strlen(text)) < 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	return error;
}

static int find_node(char path[32])
{
	char *index = io_read_file(NULLB_OURS "/index");

	snprintf(path, 32, "/dev/faultbench");
	if (access("/sys/block/faultbench", F_OK))
		snprintf(path, 32, "/dev/nullb%ld", index ? atol(index) : 0);
	free(index);
	return access(path, F_OK) ? errno : 0;
}

int nullb_make(size_t size, long us, char path[32])
{
	const struct {
		const char *name;
		unsigned long value;
	} all[] = {{"size", (size + MIB - 1) / MIB},
		   {"blocksize", 4096},
		   {"memory_backed", 1},
		   {"irqmode", us ? 2 : 0}, /* a timer; or nothing */
		   {"completion_nsec", (unsigned long)us * 1000},
		   {"power", 1}};
	int error = mkdir(NULLB_OURS, 0755) ? errno : 0;
	size_t i;

	if (error)
		return error;
	for (i = 0; i < sizeof(all) / sizeof(all[0]) && !error; i++)
		error = set(all[i].name, all[i].value);
	if (!error)
		error = find_node(path);
	if (error)
		nullb_remove();
	return error;
}

int nullb_remove(void)
{
	return rmdir(NULLB_OURS) && errno != ENOENT ? errno : 0;
}
