// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/map.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/msg.h"

bool map_file(const char *path, struct file_map *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *data;

	if (fd < 0 || fstat(fd, &st)) {
		err_errno("%s: cannot be read", path);
		goto fail;
	}
	if (!S_ISREG(st.st_mode) || !st.st_size) {
		err("%s: %s", path, S_ISREG(st.st_mode) ? "is empty" : "is not a file");
		goto fail;
	}
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED) {
		err_errno("%s: cannot be read", path);
		goto fail;
	}
	close(fd);
	ret->data = data;
	ret->len = (size_t)st.st_size;
	return true;
fail:
	if (fd >= 0)
		close(fd);
	return false;
}

void unmap_file(struct file_map *map)
{
	munmap((void *)map->data, map->len);
}
