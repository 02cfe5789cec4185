// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is done, where instructions are counted, so that an op does not do the work of others.
 */
#include "bench/harness/timing/quiesce.h"

#include <fcntl.h>
#include <linux/random.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/*
 * Page tables, tasks, slabs: what an op or a child gives up is freed a while later, by RCU and by
 * kernel threads, and is then there for the next op to take, or not yet. Not synchronisation: they
 * run while we do not, and there is no event to wait for.
 */
static void let_kernel_finish(void)
{
	static const struct timespec enough = {0, 100000000};

	nanosleep(&enough, NULL);
}

/*
 * The kernel draws random numbers from a stock: 12 longs, 48 shorts. To make a new one is 2700
 * instructions, which fall into the op of whoever takes the last; where that is depends on all that
 * was drawn since the boot. So each run begins with a new stock. Needs root, as a guest has;
 * without it the stock is as it is.
 */
static void renew_random_stock(void)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	ioctl(fd, RNDRESEEDCRNG);
	close(fd);
}

void calm_kernel(bool first)
{
	if (first)
		renew_random_stock();
	let_kernel_finish();
}

bool calm_settled(uint64_t before, uint64_t now)
{
	uint64_t apart = before > now ? before - now : now - before;

	return (double)apart <= CALM_SHARE * (double)now + CALM_INTERRUPT;
}
