// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/zram.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>
#include <unistd.h>

#include "bench/bench.h"
#include "common/io.h"

#define CONTROL "/sys/class/zram-control/"

bool zram_possible(void)
{
	return !access(CONTROL "hot_add", R_OK) && !access(CONTROL "hot_remove", W_OK) &&
	       geteuid() == 0;
}

static int write_number(const char *path, size_t number)
{
	char text[32];
	int fd = open(path, O_WRONLY | O_CLOEXEC), error;

	snprintf(text, sizeof(text), "%zu", number);
	error = fd < 0 || write(fd, text, strlen(text)) < 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	return error;
}

/* What mkswap writes: union swap_header of the kernel's include/linux/swap.h, at its end a sign. */
static int write_header(const char *path, size_t size)
{
	size_t page = bench_page_size();
	unsigned char *header = calloc(1, page);
	uint32_t info[2] = {1, (uint32_t)(size / page - 1)}; /* version, last page */
	int fd = open(path, O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0 || !header) {
		error = fd < 0 ? errno : ENOMEM;
	} else {
		memcpy(header + 1024, info, sizeof(info));
		memcpy(header + page - 10, "SWAPSPACE2", 10);
		error = io_write_all(fd, (char *)header, page) ? 0 : errno;
	}
	if (fd >= 0)
		close(fd);
	free(header);
	return error;
}

int zram_swap_on(size_t size, int *ret_device)
{
	char *text = io_read_file(CONTROL "hot_add"), path[64]; /* reading it makes a device */
	int device = text ? atoi(text) : -1, error;

	free(text);
	if (device < 0)
		return errno;
	snprintf(path, sizeof(path), "/sys/block/zram%d/disksize", device);
	size -= size % bench_page_size();
	error = write_number(path, size);
	snprintf(path, sizeof(path), "/dev/zram%d", device);
	if (!error)
		error = write_header(path, size);
	if (!error && swapon(path, SWAP_FLAG_PREFER | SWAP_FLAG_PRIO_MASK))
		error = errno;
	if (error)
		write_number(CONTROL "hot_remove", (size_t)device);
	else
		*ret_device = device;
	return error;
}

int zram_swap_off(int device)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/zram%d", device);
	if (swapoff(path))
		return errno;
	return write_number(CONTROL "hot_remove", (size_t)device);
}
