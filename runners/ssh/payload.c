// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/ssh/payload.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/keep.h"
#include "common/map.h"
#include "common/msg.h"
#include "runners/closure.h"
#include "runners/runner.h"
#include "runners/tar.h"

static bool put_needed(void *arg, const char *name, const struct file_map *file)
{
	return tar_put(arg, name, file->data, file->len);
}

static bool put_worker(struct archive *tar, const struct file_map *worker)
{
	unsigned char *copy = malloc(worker->len);
	bool ok;

	if (!copy)
		return err("out of memory");
	memcpy(copy, worker->data, worker->len);
	closure_relocate(copy, worker->len);
	ok = tar_put(tar, KEEP_WORKER, copy, worker->len);
	free(copy);
	return ok;
}

static bool fill(struct archive *tar, const char *path, const char *sysroot)
{
	struct file_map worker;
	bool ok;

	if (!map_file(path, &worker))
		return false;
	ok = put_worker(tar, &worker) && closure_each(path, &worker, sysroot, put_needed, tar);
	unmap_file(&worker);
	return ok;
}

int payload_make(const struct arch *arch, size_t *ret_size)
{
	char *path = worker_path(arch), *sysroot = path ? worker_sysroot(arch, path) : NULL;
	struct archive *tar;
	int fd = -1;

	tar = sysroot ? tar_begin(&fd) : NULL;
	if (tar)
		fd = tar_end(tar, fd, fill(tar, path, sysroot));
	if (fd >= 0) {
		*ret_size = (size_t)lseek(fd, 0, SEEK_END);
		lseek(fd, 0, SEEK_SET);
	}
	free(sysroot);
	free(path);
	return fd;
}
