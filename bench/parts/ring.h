/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pins memory as buffers that are registered with a ring of io_uring: for as long as the ring
 * lives, or until they are taken back. Two system calls: liburing would map the ring as well, which
 * nobody uses here, into a process that may fork. A buffer has 1 GiB at most.
 */
#ifndef BENCH_PARTS_RING_H
#define BENCH_PARTS_RING_H

#include <errno.h>
#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bench/bench.h"

#define BUFFERS	       64
#define MOST_OF_BUFFER (1UL << 30)

/* A ring, or -1 with errno. */
static inline int ring_open(void)
{
	struct io_uring_params params = {0};

	return (int)syscall(SYS_io_uring_setup, 1, &params);
}

/* 0, or -1 with errno. */
static inline int ring_pin(int ring, const struct bench_area *area)
{
	struct iovec buffers[BUFFERS];
	unsigned int nr = 0;
	size_t at, some;

	for (at = 0; at < area->len && nr < BUFFERS; at += some) {
		some = area->len - at < MOST_OF_BUFFER ? area->len - at : MOST_OF_BUFFER;
		buffers[nr++] = (struct iovec){area->start + at, some};
	}
	return (int)syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, buffers, nr);
}

/*
 * 0, or -1 with errno. Up to 6.12 the kernel waits here until nobody uses them, and what another
 * thread or a signal has for this one to do ends that.
 */
static inline int ring_unpin(int ring)
{
	long error;

	do
		error = syscall(SYS_io_uring_register, ring, IORING_UNREGISTER_BUFFERS, NULL, 0);
	while (error && errno == EINTR);
	return (int)error;
}

#endif
