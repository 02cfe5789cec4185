// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/tar.h"

#include <archive_entry.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/msg.h"

struct archive *tar_begin(int *ret_fd)
{
	struct archive *tar = archive_write_new();
	int fd = memfd_create("tar", MFD_CLOEXEC);

	if (tar && fd >= 0 && archive_write_set_format_ustar(tar) == ARCHIVE_OK &&
	    archive_write_open_fd(tar, fd) == ARCHIVE_OK) {
		*ret_fd = fd;
		return tar;
	}
	err_errno("an archive cannot be made");
	archive_write_free(tar);
	if (fd >= 0)
		close(fd);
	return NULL;
}

bool tar_put(struct archive *tar, const char *name, const void *data, size_t size)
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

int tar_end(struct archive *tar, int fd, bool ok)
{
	if (ok && archive_write_close(tar) != ARCHIVE_OK)
		ok = err("an archive cannot be made: %s", archive_error_string(tar));
	archive_write_free(tar);
	if (ok && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}
