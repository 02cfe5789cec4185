// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/zram.h"

#include <dirent.h>
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

#define ADD	 "/sys/class/zram-control/hot_add"
#define LABEL	 "faultbench" /* of the swap on it */
#define LABEL_AT 1052	      /* in union swap_header of the kernel's include/linux/swap.h */

bool zram_possible(void)
{
	return !access(ADD, R_OK) && !access(ZRAM_REMOVE, W_OK) && geteuid() == 0;
}

json_t *zram_devices(void)
{
	DIR *dir = opendir("/sys/block");
	json_t *numbers = json_array();
	struct dirent *entry;
	int number;

	while (dir && (entry = readdir(dir)))
		if (sscanf(entry->d_name, "zram%d", &number) == 1)
			json_array_append_new(numbers, json_integer(number));
	if (dir)
		closedir(dir);
	return numbers;
}

bool zram_has(const json_t *devices, int device)
{
	json_t *number;
	size_t i;

	json_array_foreach(devices, i, number) {
		if (json_integer_value(number) == device)
			return true;
	}
	return false;
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
		memcpy(header + LABEL_AT, LABEL, strlen(LABEL));
		memcpy(header + page - 10, "SWAPSPACE2", 10);
		error = io_write_all(fd, (char *)header, page) ? 0 : errno;
	}
	if (fd >= 0)
		close(fd);
	free(header);
	return error;
}

int zram_add(int *ret_device)
{
	char *text = io_read_file(ADD); /* reading it makes a device */

	if (!text)
		return errno;
	*ret_device = atoi(text);
	free(text);
	return 0;
}

int zram_resize(int device, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/block/zram%d/disksize", device);
	return write_number(path, size - size % bench_page_size());
}

int zram_swap_on(int device, size_t size)
{
	char path[64];
	int error;

	snprintf(path, sizeof(path), "/dev/zram%d", device);
	error = write_header(path, size - size % bench_page_size());
	if (!error && swapon(path, SWAP_FLAG_PREFER | SWAP_FLAG_PRIO_MASK))
		error = errno;
	return error;
}

static bool is_swapped_on(int device)
{
	char *text = io_read_file("/proc/swaps"), name[32];
	bool on;

	snprintf(name, sizeof(name), "/zram%d ", device);
	on = text && strstr(text, name);
	free(text);
	return on;
}

int zram_remove(int device)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/zram%d", device);
	if (is_swapped_on(device) && swapoff(path))
		return errno;
	return write_number(ZRAM_REMOVE, (size_t)device);
}

static size_t size_of(int device)
{
	char *text = io_read_filef("/sys/block/zram%d/disksize", device);
	size_t size = text ? strtoull(text, NULL, 10) : SIZE_MAX;

	free(text);
	return size;
}

bool zram_is_unused(int device)
{
	return size_of(device) == 0;
}

static bool has_label(int device)
{
	char path[64], label[sizeof(LABEL)] = "";
	bool has;
	int fd;

	snprintf(path, sizeof(path), "/dev/zram%d", device);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	has = fd >= 0 && pread(fd, label, strlen(LABEL), LABEL_AT) == (ssize_t)strlen(LABEL) &&
	      !strcmp(label, LABEL);
	if (fd >= 0)
		close(fd);
	return has;
}

bool zram_is_ours(int device, size_t size)
{
	if (is_swapped_on(device))
		return has_label(device);
	size -= size % bench_page_size();
	return size_of(device) == size || zram_is_unused(device);
}
