/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * userfaultfd and the scan of page tables that goes with it, asked for directly: nobody faults.
 * Headers of the system may be older than the kernel.
 */
#ifndef BENCH_PARTS_UFFD_H
#define BENCH_PARTS_UFFD_H

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

#define UFFD_WP_ASYNC	    (1 << 15) /* UFFD_FEATURE_WP_ASYNC, 6.7 */
#define UFFD_MOVES	    (1 << 16) /* UFFD_FEATURE_MOVE, 6.8 */
#define UFFD_WP_UNPOPULATED (1 << 13) /* UFFD_FEATURE_WP_UNPOPULATED, 6.4 */

/* As struct uffdio_move and UFFDIO_MOVE. */
struct uffd_move {
	uint64_t dst, src, len, mode;
	int64_t move;
};

#define UFFD_MOVE _IOWR(UFFDIO, 0x05, struct uffd_move)

/* A descriptor with these features, or -1 (errno). */
static inline int uffd_open(uint64_t features)
{
	struct uffdio_api api = {.api = UFFD_API, .features = features};
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (fd < 0 && errno == EINVAL) /* before 5.11 that flag is not known */
		fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (fd < 0 || !ioctl(fd, UFFDIO_API, &api))
		return fd;
	close(fd);
	return -1;
}

/* Whether there is one. */
static inline bool uffd_has(uint64_t features)
{
	int fd = uffd_open(features);

	return fd >= 0 && !close(fd);
}

#define PAGEMAP_WP (1ULL << 57) /* written-protected by userfaultfd */

/* How many pages of a range have that bit in /proc/self/pagemap. */
static inline size_t uffd_protected(const char *start, size_t len)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	size_t page = bench_page_size(), first = (uintptr_t)start / page, i, nr = 0;
	uint64_t entry;

	for (i = 0; fd >= 0 && i < len / page; i++)
		nr += pread(fd, &entry, sizeof(entry), (off_t)((first + i) * sizeof(entry))) ==
			      sizeof(entry) &&
		      entry & PAGEMAP_WP;
	if (fd >= 0)
		close(fd);
	return nr;
}

#endif
