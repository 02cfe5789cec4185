// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/prefault.h"

#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/harness/kernel/clock.h"
#include "bench/parts/touch.h"

double warm_touch(size_t size, clockid_t clock)
{
	size_t page = bench_page_size(), pages = size / page;
	uint64_t start;
	double ns;
	char *p;

	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		 -1, 0);
	if (!pages || p == MAP_FAILED)
		return 0;
	madvise(p, size, MADV_NOHUGEPAGE);
	start = clock_now(clock);
	touch_write((struct touch_span){p, p + pages * page, page});
	ns = (double)(clock_now(clock) - start) / (double)pages;
	munmap(p, size);
	return ns;
}
