// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a point's values say, and what a process that carries it out begins with.
 */
#include "bench/services/run.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "bench/services/moves.h"

int bench_fail(struct bench_run *run, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(run->why, sizeof(run->why), fmt, ap);
	va_end(ap);
	return -1;
}

void bench_note(struct bench_run *run, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(run->note, sizeof(run->note), fmt, ap);
	va_end(ap);
}

long point_value(const struct bench_run *run, enum bench_kind kind, long dflt)
{
	unsigned int i;

	for (i = 0; run->bench->params[i].name; i++)
		if (run->bench->params[i].kind == kind)
			return run->value[i];
	return dflt;
}

size_t run_memory(const struct bench_run *run)
{
	size_t bytes = run->bench->memory ? run->bench->memory(run)
					  : (size_t)point_value(run, BENCH_SIZE, 0);

	return bytes + bytes / 64;
}

bool run_memory_suffices(const struct bench_run *run, size_t *ret_have)
{
	long kib = moves_in_file("/proc/meminfo", "MemAvailable");

	*ret_have = kib < 0 ? 0 : (size_t)kib << 10;
	return run_memory(run) + (64UL << 20) <= *ret_have;
}

long bench_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

unsigned int bench_role(const struct bench_run *run, unsigned int worker)
{
	const struct bench_param *params = run->bench->params;
	unsigned int i, role = 0;

	for (i = 0; params[i].name; i++) {
		if (params[i].kind != BENCH_THREADS)
			continue;
		if (worker < (unsigned int)run->value[i])
			break;
		worker -= (unsigned int)run->value[i];
		role++;
	}
	return role;
}

size_t bench_share(const struct bench_run *run, size_t step)
{
	size_t share = (size_t)point_value(run, BENCH_SIZE, 0) / run->processes / run->threads;

	return share - share % step;
}

const char *bench_refuse_share(const struct bench_run *run)
{
	size_t folio = bench_folio_size((int)point_value(run, BENCH_ORDER, 0));

	/* Of one worker alone it is said for all families. */
	return bench_share(run, folio) || run->threads * run->processes == 1
		       ? NULL
		       : "size is less than a folio for each worker";
}

const char *bench_refuse_vmas(const struct bench_run *run, long vmas)
{
	size_t folio = bench_folio_size((int)point_value(run, BENCH_ORDER, 0));

	return bench_share(run, folio) / folio >= (size_t)vmas
		       ? bench_refuse_share(run)
		       : "vmas-in-range is more than a worker's share has folios";
}

#define HEAP (256 << 10) /* more than checks need of it */

void run_settle_heap(void)
{
	void *volatile room;

	mallopt(M_TRIM_THRESHOLD, 64 * HEAP);
	mallopt(M_MMAP_THRESHOLD, 2 * HEAP);
	room = malloc(HEAP);
	free(room);
	mallopt(M_MMAP_THRESHOLD, 64 << 10);
}
