// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every family there is. To add one: its file, and its line here.
 */
#include "bench/bench.h"

extern const struct bench bench_null, bench_fault, bench_fault_page, bench_fault_vma,
	bench_vma_touch, bench_fork, bench_cow, bench_zap, bench_thp, bench_exit, bench_app_start,
	bench_mprotect, bench_mremap, bench_writer, bench_mapper, bench_contend, bench_gup;

const struct bench *const bench_list[] = {
	&bench_null,	  &bench_fault,	    &bench_fault_page,
	&bench_fault_vma, &bench_vma_touch, &bench_fork,
	&bench_cow,	  &bench_zap,	    &bench_thp,
	&bench_mprotect,  &bench_mremap,    &bench_exit,
	&bench_app_start, &bench_writer,    &bench_mapper,
	&bench_contend,	  &bench_gup,	    NULL,
};
