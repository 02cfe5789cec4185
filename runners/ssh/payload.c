// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/ssh/payload.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/keep.h"
#include "common/map.h"
#include "common/msg.h"
#include "runners/closure.h"
#include "runners/runner.h"

static bool put(struct archive *tar, const char *name, const void *data, size_t size)
{
	struct archive_entry *entry = archive_entry_new();
	bool ok;

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0700);
	archive_entry_set_size(entry, (la_int64_t)size);
	ok = archive_write_header(tar, entry) == ARCHIVE_OK &&
	     archive_write_data(tar, data, size) == (la_ssize_t)size;
	archive_entry_free(entry);
	return ok || err("%s: %s", name, archive_error_string(tar));
}

static bool put_needed(void *arg, const char *name, const struct file_map *file)
{
	return put(arg, name, file->data, file->len);
}

static bool put_worker(struct archive *tar, const struct file_map *worker)
{
	unsigned char *copy = malloc(worker->len);
	bool ok;

	if (!copy)
		return err("out of memory");
	memcpy(copy, worker->data, worker->len);
	closure_relocate(copy, worker->len);
	ok = put(tar, KEEP_WORKER, copy, worker->len);
	free(copy);
	return ok;
}

static bool fill(int fd, const char *path, const char *sysroot)
{
	struct archive *tar = archive_write_new();
	struct file_map worker;
	bool ok = map_file(path, &worker);

	if (ok) {
		archive_write_set_format_ustar(tar);
		ok = archive_write_open_fd(tar, fd) == ARCHIVE_OK && put_worker(tar, &worker) &&
		     closure_each(path, &worker, sysroot, put_needed, tar) &&
		     archive_write_close(tar) == ARCHIVE_OK;
		unmap_file(&worker);
	}
	archive_write_free(tar);
	return ok;
}

int payload_make(const struct arch *arch, size_t *ret_size)
{
	char *path = worker_path(arch), *sysroot = path ? worker_sysroot(arch, path) : NULL;
	int fd = memfd_create("payload", MFD_CLOEXEC);

	if (fd < 0)
		err_errno("the worker cannot be packed");
	if (fd >= 0 && (!sysroot || !fill(fd, path, sysroot))) {
		close(fd);
		fd = -1;
	}
	if (fd >= 0) {
		*ret_size = (size_t)lseek(fd, 0, SEEK_END);
		lseek(fd, 0, SEEK_SET);
	}
	free(sysroot);
	free(path);
	return fd;
}
