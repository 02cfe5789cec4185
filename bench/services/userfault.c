// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/services/userfault.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/services/moves.h"

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

static struct {
	int fd; /* 0: none */
	const struct bench_run *run;
	char ones[65536] __attribute__((aligned(65536))); /* a page, whatever its size */
} faults;

/* Faults of user mode only need no privilege since 5.11; before that, the flag is not known. */
static int open_userfault(uint64_t features, uint64_t *ret_features)
{
	struct uffdio_api api = {.api = UFFD_API, .features = features};
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (fd < 0 && errno == EINVAL)
		fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (fd >= 0 && ioctl(fd, UFFDIO_API, &api)) {
		close(fd);
		fd = -1;
	}
	*ret_features = api.features;
	return fd;
}

bool userfault_has(uint64_t features)
{
	uint64_t have = 0;
	int fd = open_userfault(0, &have);

	features |= UFFD_FEATURE_SIGBUS;
	if (fd >= 0)
		close(fd);
	return fd >= 0 && (have & features) == features;
}

/* The kernel writes: where it may not, the call fails, and nobody has to take a signal. */
static bool fails_to_write(int fd, char *page)
{
	struct uffdio_range range = {(unsigned long)page, bench_page_size()};
	struct uffdio_register reg = {.range = range, .mode = UFFDIO_REGISTER_MODE_WP};
	struct uffdio_writeprotect wp = {.range = range, .mode = UFFDIO_WRITEPROTECT_MODE_WP};

	*page = 1;
	return !ioctl(fd, UFFDIO_REGISTER, &reg) && !ioctl(fd, UFFDIO_WRITEPROTECT, &wp) &&
	       syscall(SYS_clock_gettime, CLOCK_MONOTONIC, page) && errno == EFAULT;
}

bool userfault_tells_writes(void)
{
	uint64_t features = UFFD_FEATURE_SIGBUS | UFFD_FEATURE_PAGEFAULT_FLAG_WP, have;
	int fd = open_userfault(features, &have);
	char *page = mmap(NULL, bench_page_size(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool tells = fd >= 0 && page != MAP_FAILED && fails_to_write(fd, page);

	if (page != MAP_FAILED)
		munmap(page, bench_page_size());
	if (fd >= 0)
		close(fd);
	return tells;
}

static bool resolve_as(unsigned long at, int how)
{
	unsigned long page = bench_page_size(), start = at - at % page;
	struct uffdio_copy copy = {.dst = start, .src = (unsigned long)faults.ones, .len = page};
	struct uffdio_continue next = {.range = {start, page}};
	struct uffdio_writeprotect lift = {.range = {start, page}};

	if (how == WATCH_MISSING)
		return !ioctl(faults.fd, UFFDIO_COPY, &copy);
	if (how == WATCH_MINOR)
		return !ioctl(faults.fd, UFFDIO_CONTINUE, &next);
	return !ioctl(faults.fd, UFFDIO_WRITEPROTECT, &lift);
}

/* False if the fault is nothing of ours. Counts first: who waits may be off when it is resolved. */
static bool resolve(unsigned long at)
{
	const struct bench_run *run = faults.run;
	const struct bench_area *area;
	unsigned int i;

	for (i = 0; i < run->nr_areas; i++) {
		area = &run->areas[i];
		if (at - (unsigned long)area->start >= area->len || !area->watch)
			continue;
		atomic_fetch_add(&moves_userfaults, 1);
		return resolve_as(at, area->watch & ~WATCH_BY_THREAD);
	}
	return false;
}

/* Of an access that is nothing of ours, it kills the run, as it would have. */
static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (!resolve((unsigned long)info->si_addr))
		signal(sig, SIG_DFL);
}

/* Ends with the process, or kills it where a fault cannot be resolved: whoever took it waits. */
static void *serve(void *arg)
{
	struct uffd_msg msg;

	while (read(faults.fd, &msg, sizeof(msg)) == sizeof(msg))
		if (msg.event == UFFD_EVENT_PAGEFAULT && !resolve(msg.arg.pagefault.address))
			abort();
	return arg;
}

static int start(struct bench_run *run, uint64_t features, bool by_thread)
{
	struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO};
	pthread_t thread;
	uint64_t have;

	if (faults.fd)
		return 0;
	faults.fd = open_userfault(features | (by_thread ? 0 : UFFD_FEATURE_SIGBUS), &have);
	if (faults.fd < 0)
		return bench_fail(run, "userfaultfd: %m");
	faults.run = run;
	memset(faults.ones, 1, sizeof(faults.ones));
	if (!by_thread)
		sigaction(SIGBUS, &action, NULL);
	else if (pthread_create(&thread, NULL, serve, NULL))
		return bench_fail(run, "a thread cannot be created");
	return 0;
}

static uint64_t features_of(int how)
{
	return how == WATCH_MINOR ? UFFD_FEATURE_MINOR_SHMEM
	       : how == WATCH_WP  ? UFFD_FEATURE_PAGEFAULT_FLAG_WP
				  : 0;
}

int area_watch(struct bench_run *run, struct bench_area *area, int how)
{
	int what = how & ~WATCH_BY_THREAD;
	static const struct {
		uint64_t mode;
		const char *mark;
	} modes[] = {[WATCH_MISSING] = {UFFDIO_REGISTER_MODE_MISSING, "um"},
		     [WATCH_MINOR] = {UFFDIO_REGISTER_MODE_MINOR, "ui"},
		     [WATCH_WP] = {UFFDIO_REGISTER_MODE_WP, "uw"}};
	struct uffdio_range range = {(unsigned long)area->start, area->len};
	struct uffdio_register reg = {.range = range, .mode = modes[what].mode};
	struct uffdio_writeprotect wp = {.range = range, .mode = UFFDIO_WRITEPROTECT_MODE_WP};

	if (start(run, features_of(what), how & WATCH_BY_THREAD))
		return -1;
	if (ioctl(faults.fd, UFFDIO_REGISTER, &reg))
		return bench_fail(run, "UFFDIO_REGISTER: %m");
	if (what == WATCH_WP && ioctl(faults.fd, UFFDIO_WRITEPROTECT, &wp))
		return bench_fail(run, "UFFDIO_WRITEPROTECT: %m");
	area->watch = how;
	area->mark = modes[what].mark;
	return 0;
}
