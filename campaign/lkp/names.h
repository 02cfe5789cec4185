/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The benchmarks that reports of the kernel test robot name, and the points here that are nearest
 * to them: data. docs/catalogue.md has the same tables (`list --lkp`).
 */
#ifndef CAMPAIGN_LKP_NAMES_H
#define CAMPAIGN_LKP_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#define LKP_DIFFERS 4

/* Of who forks, "size=1M/worker". */
#define LKP_PARENT "the parent has 1 MiB of memory, populated, where no other size is set"

struct lkp_name {
	const char *test;  /* with `lacks` also a pattern of several, as a shell has them */
	const char *point; /* "BENCH/VARIANT key=value ..."; with `lacks` the nearest one, or NULL.
			      Its size is of each worker where that is what each task has there */
	const char *of_threads;	 /* the point where tasks are threads, if it is another */
	const char *lacks;	 /* why no point here does the same; NULL: that one does */
	bool one_heap;		 /* what is changed a process has once, so tasks are processes */
	bool one_task;		 /* it is one, whatever a report says */
	bool threads, processes; /* what tasks are whatever the mode: the name says it */
	const char *differs[LKP_DIFFERS]; /* a line each */
};

struct lkp_suite {
	const char *name;
	const struct lkp_name *names; /* the last has no test */
	bool pins;		      /* its tasks to CPUs, as is done here */
	const char *differs;	      /* of all its names; NULL: nothing */
	bool one_task;		      /* it has no more, ever */
};

/* The last has no name. */
extern const struct lkp_suite lkp_suites[];

extern const struct lkp_name lkp_will_it_scale[], lkp_vm_scalability[], lkp_stress_ng[];
extern const struct lkp_name lkp_unixbench[];
extern const struct lkp_name lkp_perf_syscall[], lkp_perf_mem[], lkp_perf_numa[], lkp_perf_others[];

/* NULL if there is none of that name. */
const struct lkp_suite *lkp_suite_find(const char *name);
const struct lkp_name *lkp_name_find(const struct lkp_suite *suite, const char *test);

/* The name of a suite that is spelled most like a word, with how many letters are others. */
const struct lkp_name *lkp_name_like(const struct lkp_suite *suite, const char *word,
				     size_t *ret_letters);

#endif
