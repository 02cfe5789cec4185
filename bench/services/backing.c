// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/services/backing.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "bench/parts/backed.h"
#include "bench/services/pages.h"

#define MOST_DROPS 20

const char *backing_folder(bool tmpfs)
{
	const char *const folders[] = {getenv("TMPDIR"), "/var/tmp", "/tmp", ".", "/dev/shm"};
	struct statfs fs;
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (folders[i] && !statfs(folders[i], &fs) && !access(folders[i], W_OK) &&
		    (fs.f_type == TMPFS_MAGIC) == tmpfs)
			return folders[i];
	return NULL;
}

bool bench_written_back(void)
{
	const char *folder = backing_folder(false);
	struct statfs fs;

	return folder && !statfs(folder, &fs) && fs.f_type != RAMFS_MAGIC;
}

#define CLAIM_TRIES 500

/* One that is mounted, or somebody else's, is busy; another process of the run soon is not. */
static int claim_device(const char *path, bool shared)
{
	static const struct timespec moment = {.tv_nsec = 10000000};
	int tries = shared ? CLAIM_TRIES : 1, fd;

	do {
		fd = open(path, O_RDWR | O_EXCL | O_CLOEXEC);
	} while (fd < 0 && errno == EBUSY && --tries && !nanosleep(&moment, NULL));
	return fd;
}

/* Several processes share it, so none of them keeps it for itself. */
static int open_device(bool shared)
{
	const char *path = getenv(BLOCK_DEVICE);
	int fd = path ? claim_device(path, shared) : -1, claimed = fd;
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) || !S_ISBLK(st.st_mode))) {
		close(fd);
		errno = ENOTBLK;
		return -1;
	}
	if (fd >= 0 && shared) {
		fd = open(path, O_RDWR | O_CLOEXEC);
		close(claimed);
	}
	errno = path ? errno : ENOTBLK;
	return fd;
}

static int open_nameless(const struct bench_run *run, enum area_backing backing)
{
	const char *folder;
	char path[512];
	int fd;

	if (backing == BACK_MEMFD || backing == BACK_PRIVATE_MEMFD)
		return memfd_create("faultbench", MFD_CLOEXEC);
	if (backing == BACK_BLOCK)
		return open_device(run->processes > 1);
	folder = backing_folder(backing == BACK_TMPFS);
	if (!folder) {
		errno = ENOENT;
		return -1;
	}
	snprintf(path, sizeof(path), "%s/faultbench-XXXXXX", folder);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

/* What a disk has no room for is written in part. */
static bool write_whole(int fd, const char *bytes, size_t len, size_t at)
{
	ssize_t got = pwrite(fd, bytes, len, (off_t)at);

	if (got >= 0 && got < (ssize_t)len)
		errno = ENOSPC;
	return got == (ssize_t)len;
}

/*
 * Written, not left as holes, and on disk, so that writing back does not go on during an op. By as
 * much at once as a folio is to have: that is what file systems that make large ones take for each
 * (iomap_write_begin(), ext4_write_begin()), and no more, as recent kernels map more at once where
 * folios are larger.
 */
static bool fill(int fd, size_t from, size_t to, size_t folio)
{
	char *ones = malloc(folio);
	bool ok = ones;

	if (ok)
		memset(ones, 1, folio);
	for (; ok && from < to; from += folio)
		ok = write_whole(fd, ones, folio, from);
	free(ones);
	return ok && (!fsync(fd) || errno == EINVAL);
}

/* Pages that hold other things each, half of which can be compressed, as those of programs. */
static bool fill_mixed(int fd, size_t from, size_t to)
{
	size_t page = bench_page_size(), i;
	unsigned int *words = calloc(1, page), last = 1;
	bool ok = words;

	for (; ok && from < to; from += page) {
		for (i = 0; i < page / sizeof(*words) / 2; i++)
			words[i] = last = last * 1664525 + 1013904223;
		ok = write_whole(fd, (const char *)words, page, from);
	}
	free(words);
	return ok && !fsync(fd);
}

/* Pages of the areas that the page cache has. */
static size_t cached(const struct bench_run *run)
{
	size_t sum = 0;
	unsigned int i;

	for (i = 0; i < run->nr_areas; i++)
		sum += pages_in_core(run->areas[i].start, run->areas[i].len);
	return sum;
}

/*
 * Who drops pages holds them for a while, and another who wants to drop them passes them over; so
 * does a CPU's batch that waits for the LRU lists.
 */
int area_drop_cache(struct bench_run *run, size_t from, size_t len)
{
	int error, tries = 0;

	do {
		if (tries)
			area_drain_batches();
		error = posix_fadvise(run->file, (off_t)from, (off_t)len, POSIX_FADV_DONTNEED);
	} while (!error && cached(run) && ++tries < MOST_DROPS);
	return error ? bench_fail(run, "posix_fadvise: %s", strerror(error)) : 0;
}

/*
 * A hole as long as what is to be written. Behind its end a file is given more room than a write
 * needs (xfs_iomap_prealloc_size()), and where that ends, within the next write, a folio does too;
 * as it does where room that it had before is in pieces.
 */
static bool make_hole(int fd, size_t from, size_t to)
{
	return !ftruncate(fd, (off_t)from) && !ftruncate(fd, (off_t)to);
}

static bool extend(struct bench_run *run, const struct bench_area *area, size_t len)
{
	if (area->backing == BACK_BLOCK)
		return fill_mixed(run->file, run->file_len, len);
	if (area->order && !make_hole(run->file, run->file_len, len))
		return false;
	return (area->order && !backed_by_disk(area->backing)) ||
	       fill(run->file, run->file_len, len, bench_folio_size(area->order));
}

int backing_file(struct bench_run *run, const struct bench_area *area)
{
	size_t len = run->file_used + area->len;

	if (!run->file) {
		run->file = open_nameless(run, area->backing);
		if (run->file < 0)
			return bench_fail(run, "a file for the mapping: %m");
	}
	/* What earlier ops have written: nothing of it is to be dirty, or under writeback. */
	if (!run->file_used && area->backing == BACK_SHARED_FILE && fdatasync(run->file))
		return bench_fail(run, "fdatasync: %m");
	if (len > run->file_len && !extend(run, area, len))
		return bench_fail(run, "the file behind the mapping: %m");
	if (len > run->file_len)
		run->file_len = len;
	return 0;
}

int backing_renew(struct bench_run *run, const struct bench_area *area, off_t *ret_from)
{
	const struct bench_area *before = run->areas;
	size_t from = 0;

	for (; before < area; before++)
		from += before->len;
	if (fallocate(run->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)from,
		      (off_t)area->len) ||
	    !fill(run->file, from, from + area->len, bench_folio_size(area->order)))
		return bench_fail(run, "the file behind the mapping: %m");
	*ret_from = (off_t)from;
	return 0;
}
