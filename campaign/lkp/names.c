// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/lkp/names.h"

#include <fnmatch.h>
#include <stdint.h>
#include <string.h>

#define WORD 48 /* letters of a word that are compared */

const struct lkp_suite lkp_suites[] = {
	{"will-it-scale", lkp_will_it_scale, true, NULL, false},
	{"vm-scalability", lkp_vm_scalability, false,
	 "what is timed is the touch or the call alone; there it is the run of a program", false},
	{"stress-ng", lkp_stress_ng, false,
	 "one call or touch is timed; a bogo op is a round of the stressor's loop, and its checks",
	 false},
	{"unixbench", lkp_unixbench, false, NULL, false},
	{"perf-bench-syscall", lkp_perf_syscall, false, NULL, true},
	{"perf-bench-mem", lkp_perf_mem, false, NULL, true},
	{"perf-bench-numa-mem", lkp_perf_numa, false, NULL, false},
	{"perf-bench-futex", lkp_perf_others, false, NULL, false},
	{"perf-bench-sched-messaging", lkp_perf_others, false, NULL, false},
	{"perf-bench-sched-pipe", lkp_perf_others, false, NULL, false},
	{0},
};

const struct lkp_suite *lkp_suite_find(const char *name)
{
	const struct lkp_suite *s;

	for (s = lkp_suites; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

const struct lkp_name *lkp_name_find(const struct lkp_suite *suite, const char *test)
{
	const struct lkp_name *n;

	for (n = suite->names; n->test; n++)
		if (!(n->lacks ? fnmatch(n->test, test, 0) : strcmp(n->test, test)))
			return n;
	return NULL;
}

/* Letters to put in, take away or change until one word is the other (Levenshtein, 1966). */
static size_t letters_between(const char *a, const char *b)
{
	size_t row[WORD + 1], len = strnlen(b, WORD), i, k, before, here;

	for (k = 0; k <= len; k++)
		row[k] = k;
	for (i = 0; i < WORD && a[i]; i++) {
		before = row[0];
		row[0] = i + 1;
		for (k = 0; k < len; k++) {
			here = before + (a[i] != b[k]);
			before = row[k + 1];
			if (before + 1 < here)
				here = before + 1;
			if (row[k] + 1 < here)
				here = row[k] + 1;
			row[k + 1] = here;
		}
	}
	return row[len];
}

const struct lkp_name *lkp_name_like(const struct lkp_suite *suite, const char *word,
				     size_t *ret_letters)
{
	const struct lkp_name *n, *like = NULL;
	size_t letters;

	*ret_letters = SIZE_MAX;
	for (n = suite->names; n->test; n++) {
		letters = letters_between(word, n->test);
		if (letters < *ret_letters) {
			*ret_letters = letters;
			like = n;
		}
	}
	return like;
}
