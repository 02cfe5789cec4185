// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Real families, whose process is refused memory, or a child, in mid-run, or whose op does nothing,
 * or does the share of the first worker alone.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/bench/liars.h"

extern const struct bench bench_writer, bench_contend, bench_mapper, bench_cycle, bench_process,
	bench_guard, bench_process_madvise, bench_uffd, bench_pagemap_scan, bench_migrate,
	bench_shootdown, bench_vmalloc, bench_fault_cold, bench_fault_page, bench_zap, bench_thp,
	bench_pin, bench_ksm, bench_khugepaged, bench_test_vmalloc, bench_thread_stacks,
	bench_fault_vma, bench_cow;

struct refused refused[NR_REFUSED];

/* The size of all mappings, or of those that are private and writable, and the heap. */
static void limit(bool search, bool refuse)
{
	int what = search ? RLIMIT_AS : RLIMIT_DATA;
	struct rlimit limit;

	getrlimit(what, &limit);
	limit.rlim_cur = refuse ? 1 : limit.rlim_max; /* 0 is none for Valgrind's sake */
	setrlimit(what, &limit);
}

/* Processes of somebody else, who may have none. */
static void limit_processes(bool refuse)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NPROC, &limit);
	limit.rlim_cur = refuse ? 1 : limit.rlim_max;
	setrlimit(RLIMIT_NPROC, &limit);
	if (!geteuid() || !refuse)
		(void)!setresuid(refuse ? 65534 : 0, refuse ? 65534 : 0, 0);
}

static void op_unforked(struct bench_run *run, unsigned int worker)
{
	limit_processes(true);
	((const struct refused *)run->bench)->of->op(run, worker);
	limit_processes(false);
}

static void op_refused(struct bench_run *run, unsigned int worker)
{
	bool search = !strcmp(run->variant->name, "mmap-search");

	limit(search, true);
	((const struct refused *)run->bench)->of->op(run, worker);
	limit(search, false);
}

/* What is not done at all is quicker still. */
static void op_idle(struct bench_run *run, unsigned int worker)
{
	(void)run;
	(void)worker;
}

static void op_of_first(struct bench_run *run, unsigned int worker)
{
	if (!worker && !run->process)
		((const struct refused *)run->bench)->of->op(run, worker);
}

static const struct {
	const char *name;
	const struct bench *of;
	void (*op)(struct bench_run *run, unsigned int worker);
} lies[NR_REFUSED] = {
	{"refused-writer", &bench_writer, op_refused},
	{"refused-contend", &bench_contend, op_refused},
	{"refused-mapper", &bench_mapper, op_refused},
	{"refused-cycle", &bench_cycle, op_refused},
	{"refused-process", &bench_process, op_unforked},
	{"idle-guard", &bench_guard, op_idle},
	{"idle-process-madvise", &bench_process_madvise, op_idle},
	{"idle-uffd", &bench_uffd, op_idle},
	{"idle-pagemap-scan", &bench_pagemap_scan, op_idle},
	{"idle-migrate", &bench_migrate, op_idle},
	{"idle-shootdown", &bench_shootdown, op_idle},
	{"idle-vmalloc", &bench_vmalloc, op_idle},
	{"idle-test-vmalloc", &bench_test_vmalloc, op_idle},
	{"idle-thread-stacks", &bench_thread_stacks, op_idle},
	{"refused-thread-stacks", &bench_thread_stacks, op_unforked},
	{"idle-fault-cold", &bench_fault_cold, op_idle},
	{"idle-khugepaged", &bench_khugepaged, op_idle},
	{"idle-ksm", &bench_ksm, op_idle},
	{"idle-thp", &bench_thp, op_idle},
	{"idle-pin", &bench_pin, op_idle},
	{"idle-zap", &bench_zap, op_idle},
	{"idle-fault-vma", &bench_fault_vma, op_idle},
	{"idle-fault-page", &bench_fault_page, op_idle},
	{"idle-mapper", &bench_mapper, op_idle},
	{"lazy-cow", &bench_cow, op_of_first},
	{"lazy-thp", &bench_thp, op_of_first},
	{"lazy-pin", &bench_pin, op_of_first},
	{"lazy-migrate", &bench_migrate, op_of_first},
	{"lazy-vmalloc", &bench_vmalloc, op_of_first},
	{"lazy-fault-cold", &bench_fault_cold, op_of_first},
	{"forgotten-fault-cold", &bench_fault_cold, NULL},
	{"unzswapped-fault-page", &bench_fault_page, NULL},
	{"unzswapped-zap", &bench_zap, NULL},
};

#define MOST_VARIANTS 16

/* What the kernel remembers of pages goes when they are read in again, and dropped. */
static int arm_forgotten(struct bench_run *run)
{
	size_t at, page = bench_page_size();

	if (bench_fault_cold.arm(run))
		return -1;
	for (at = 0; at < run->areas[0].len; at += page)
		(void)*(volatile char *)(run->areas[0].start + at);
	madvise(run->areas[0].start, run->areas[0].len, MADV_DONTNEED);
	return area_drop_cache(run, 0, run->areas[0].len);
}

/* What says that it needs no zswap has none. */
static void without_zswap(struct bench *bench, struct bench_variant variants[MOST_VARIANTS])
{
	unsigned int k;

	for (k = 0; bench->variants[k].name; k++) {
		variants[k] = bench->variants[k];
		variants[k].needs &= ~NEED_ZSWAP;
	}
	bench->variants = variants;
}

static void __attribute__((constructor)) refuse_all(void)
{
	static struct bench_variant variants[2][MOST_VARIANTS];
	unsigned int i;

	for (i = 0; i < NR_REFUSED; i++) {
		refused[i] = (struct refused){*lies[i].of, lies[i].of};
		refused[i].bench.name = lies[i].name;
		if (lies[i].op)
			refused[i].bench.op = lies[i].op;
		else if (lies[i].of == &bench_fault_cold)
			refused[i].bench.arm = arm_forgotten;
		else
			without_zswap(&refused[i].bench, variants[lies[i].of == &bench_zap]);
	}
}
