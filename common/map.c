// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/map.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/msg.h"

bool map_fd(int fd, const char *path, struct file_map *ret)
{
	void *data = MAP_FAILED;
	struct stat st;

	if (fd < 0)
		return false;
	if (fstat(fd, &st))
		err_errno("%s: cannot be read", path);
	else if (!st.st_size)
		err("%s: is empty", path);
	else if ((data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)) ==
		 MAP_FAILED)
		err_errno("%s: cannot be read", path);
	close(fd);
	if (data == MAP_FAILED)
		return false;
	*ret = (struct file_map){.data = data,
				 .len = (size_t)st.st_size,
				 .device = st.st_dev,
				 .inode = st.st_ino,
				 .changed = st.st_ctim};
	return true;
}

bool map_file(const char *path, struct file_map *ret)
{
	return map_fd(io_open_file(path), path, ret);
}

void unmap_file(struct file_map *map)
{
	munmap((void *)map->data, map->len);
}
